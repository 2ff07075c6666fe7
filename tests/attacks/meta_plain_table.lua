-- expect: ok 1: __index in a plain table means nothing
local t = {__index = function() return 2 end, __add = 3, __gc = 4, __close = 5, __mode = "kv"}
return t.x == nil and 1 or 0
