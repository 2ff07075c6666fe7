-- whole
-- expect: state|ok 1: all that pairs gives, kept in a table
local kept = table.pack(pairs({a = 1, b = 2, c = 3}))
return {score = function(item)
    local key = kept[1](kept[2], kept[3])
    return key == "a" and 1 or 2
end}
