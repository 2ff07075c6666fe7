-- expect: ok 1: tables are themselves and nothing else
local a, b = {}, {}
local t = {[a] = 1, [b] = 2}
assert(a ~= b and t[a] == 1 and t[b] == 2 and t[{}] == nil)
return 1
