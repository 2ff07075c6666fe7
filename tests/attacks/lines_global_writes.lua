-- lines expect: refused: nothing global can be written
total = 1 --> total
function helper() return 1 end return helper() --> helper
for i = 1, 3 do counter = i end --> counter
math = nil --> math
math.pi = 3 --> math
math.floor = function() return 1 end --> math
string.rep = nil --> string
string.format = string.rep --> string
table.sort = function() end --> table
utf8.char = nil --> utf8
_ENV.total = 1 --> total
_ENV["total"] = 1 --> total
_ENV[1] = 1 --> 1
_ENV.math = nil --> math
local env = _ENV env.total = 1 --> total
local m = math m.huge = 1 --> math
local s = string s.sub = nil --> string
item = nil return total -->
pairs, ipairs = ipairs, pairs --> pairs
tostring = error --> tostring
_G = {} --> _G
if false then leak = 1 end --> leak
local function f() deep = 1 end f() --> deep
