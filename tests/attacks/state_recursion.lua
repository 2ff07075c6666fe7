-- whole
-- expect: ok 24: a function that calls itself through an outer variable
local function product(n) return n <= 1 and 1 or n * product(n - 1) end
return {score = function(item) return product(4) end}
