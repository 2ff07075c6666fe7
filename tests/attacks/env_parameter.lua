-- expect: ok 7|refused: nor does one that is a parameter
local function read(_ENV) return os end
return read({os = 7})
