-- expect: ok 1: order of texts with NULs at their ends
assert("a\0" < "a\0\0" and "a" < "a\0" and not ("a\0b" < "a\0a"))
assert("" < "\0" and "\0" <= "\0" and "\0\0" > "\0")
return 1
