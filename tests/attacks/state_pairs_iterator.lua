-- whole
-- expect: state|ok 1: the iterator of pairs, kept
local step, t, first = pairs({a = 1, b = 2, c = 3})
return {score = function(item) local key = step(t, first) return key == "a" and 1 or 2 end}
