-- expect: memory|limit: short texts, all different, all kept
local t = {}
for i = 1, 1e8 do t[i] = "t" .. i end
