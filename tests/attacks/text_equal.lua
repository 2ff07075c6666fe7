-- expect: limit: equal texts that are not the same one
local function make() return ("x"):rep(50000) .. "!" end
local a, b, n = make(), make(), 0
for _ = 1, 1e8 do if a == b then n = n + 1 end end
