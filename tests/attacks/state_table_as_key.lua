-- whole
-- expect: state|error: a table that is only a key of a table
local key = {}
local t = {[key] = 1}
return {score = function(item)
    for k in pairs(t) do k.n = (k.n or 0) + 1 return k.n end
    return 0
end}
