-- whole
-- expect: state|refused: an environment of the script's own, written to in each call
local plain = {}
local function make(_ENV) return function() n = (n or 0) + 1 return n end end
local f = make(plain)
return {score = function(item) return f() end}
