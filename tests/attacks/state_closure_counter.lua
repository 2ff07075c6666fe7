-- whole
-- expect: state n: a counter made by another function
local function counter()
    local n = 0
    return function() n = n + 1 return n end
end
local ask = counter()
return {score = function(item) return ask() end}
