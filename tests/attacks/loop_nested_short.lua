-- expect: limit: many short loops, each below what a hook counts
local function short() for _ = 1, 50 do end end
for _ = 1, 1000000 do short() end
