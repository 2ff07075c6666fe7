-- expect: ok 1: NUL within text and pattern
assert(("a\0b"):find("%z") == 2)
assert(("a\0b"):find("\0b") == 2)
assert(("a\0b"):match("[\0]") == "\0")
assert(#("a\0b"):gsub("\0", "%0%0") == 4)
return 1
