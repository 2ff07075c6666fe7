-- expect: memory|limit: room for things that never come
local t = {}
for i = 1, 1e6 do t[i] = {nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, x = nil, y = nil} end
