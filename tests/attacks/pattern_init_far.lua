-- expect: ok 1: a start beyond both ends is no reading out of bounds
assert(("abc"):find("b", math.maxinteger) == nil)
assert(("abc"):find("b", math.mininteger) == 2)
assert(("abc"):match("()", math.mininteger) == 1)
assert(("abc"):find("", 10) == nil)
assert(("abc"):find("", 4) == 4)
return 1
