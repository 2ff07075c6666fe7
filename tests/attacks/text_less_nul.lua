-- expect: limit: order of texts in pieces between NULs
local a, b = ("a\0"):rep(30000) .. "a", ("a\0"):rep(30000) .. "b"
for _ = 1, 1e8 do local less = a < b end
