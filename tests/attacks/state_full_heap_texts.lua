-- whole
-- expect: limit|memory: the heap is full of texts from loading, calls allocate until they fail
local kept = {}
for i = 1, 200 do kept[i] = ("t"):rep(60000) .. i end
return {score = function(item)
    local t = {}
    for i = 1, 1e7 do t[i] = {i} end
    return 1
end}
