-- whole
-- expect: state n: three functions down
local n = 0
return {score = function(item)
    return (function() return (function() n = n + 1 return n end)() end)()
end}
