-- whole
-- expect: state: the definition's function is replaced
local definition = {}
function definition.score(item)
    definition.score = function() return 2 end
    return 1
end
return definition
