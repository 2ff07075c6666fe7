-- whole
-- expect: state: a table that only a function can reach
local function box() local t = {n = 0} return function() return t end end
local get = box()
return {score = function(item) get().n = get().n + 1 return get().n end}
