-- expect: limit: order of long texts
local a, b = ("考"):rep(16000) .. "a", ("考"):rep(16000) .. "b"
for _ = 1, 1e8 do local less = a < b end
