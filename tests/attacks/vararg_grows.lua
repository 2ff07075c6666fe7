-- expect: limit|memory|error: one argument more with each call
local function more(...) return more("x", ...) end
return more()
