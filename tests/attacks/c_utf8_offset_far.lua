-- expect: ok 1: offsets beyond any text
assert(utf8.offset("abc", math.maxinteger) == nil)
assert(utf8.offset("abc", math.mininteger) == nil)
return 1
