-- expect: memory|limit: keys far apart
local t = {}
for i = 0, 62 do
    for j = 1, 1e5 do t[(1 << i) + j] = true end
end
