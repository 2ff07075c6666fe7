-- whole
-- expect: state: remembers what it found
local memo = {}
return {score = function(item)
    local key = item.id
    if not memo[key] then memo[key] = 10 return 0 end
    return memo[key]
end}
