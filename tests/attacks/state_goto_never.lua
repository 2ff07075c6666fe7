-- whole
-- expect: state|ok 1: assigns only where it never comes
local n = 0
return {score = function(item)
    if item.points < 0 then n = 1 end
    return 1
end}
