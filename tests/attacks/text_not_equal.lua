-- expect: limit: unlike in the last letter only
local a, b, n = ("x"):rep(50000) .. "a", ("x"):rep(50000) .. "b", 0
for _ = 1, 1e8 do if a ~= b then n = n + 1 end end
