-- whole
-- expect: ok 1|memory|limit: much is kept from loading, and each call makes garbage
local kept = {}
for i = 1, 9000 do kept[i] = {i, {}, "k" .. i} end
return {score = function(item)
    for i = 1, 3000 do local garbage = {{i}} end
    return 1
end}
