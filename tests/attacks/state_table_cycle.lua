-- whole
-- expect: state: a table within itself
local t = {}
t.t = t
return {score = function(item) t.t.t.n = (t.n or 0) + 1 return t.n end}
