-- whole
-- expect: state first: only the first call differs
local first
return {score = function(item)
    if first == nil then first = item.points return 1 end
    return 2
end}
