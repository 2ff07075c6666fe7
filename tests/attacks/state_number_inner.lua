-- whole
-- expect: state n: counted by a function inside the function
local n = 0
return {score = function(item)
    local function count() n = n + 1 end
    count()
    return n
end}
