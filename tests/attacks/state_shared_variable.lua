-- whole
-- expect: state n: one function writes, another reads
local n = 0
local function write() n = n + 1 end
local function read() return n end
return {score = function(item) write() return read() end}
