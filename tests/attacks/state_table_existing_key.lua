-- whole
-- expect: state: a value that is there is replaced
local t = {x = 1, 2, 3}
return {score = function(item) t[1] = t[1] + 1 return t[1] end}
