-- expect: memory|limit: one list larger than a block may be
local t = {}
for i = 1, 1e6 do t[i] = i end
