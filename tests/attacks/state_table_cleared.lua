-- whole
-- expect: state: takes away what is there
local t = {1, 2, 3}
return {score = function(item) local n = #t t[#t] = nil return n end}
