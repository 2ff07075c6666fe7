-- expect: ok 1: whole numbers and others compare by value
assert(1 == 1.0 and math.maxinteger < math.huge and math.mininteger > -math.huge)
assert(2 ^ 53 + 1 == 2 ^ 53 and (1 << 53) + 1 ~= 2 ^ 53)
local t = {[1.0] = "a", [2 ^ 53] = "b"}
assert(t[1] == "a" and t[1 << 53] == "b")
return 1
