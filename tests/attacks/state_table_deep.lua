-- whole
-- expect: state: the innermost of nested tables
local a = {b = {c = {d = {}}}}
return {score = function(item) a.b.c.d.e = 1 return 1 end}
