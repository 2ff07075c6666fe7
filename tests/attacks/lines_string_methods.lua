-- lines expect: error: texts have their methods and nothing else, and nobody adds to them
("x").memo = 1 -->
("").rep = nil -->
("x")[1] = 2 -->
("x").__index = {} -->
("").__index.rep = nil -->
local s = "x" s.len = 5 -->
