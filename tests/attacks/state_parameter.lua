-- whole
-- expect: state: the parameter of a function that has returned
local function make(n) return function() n = n + 1 return n end end
local f = make(0)
return {score = function(item) return f() end}
