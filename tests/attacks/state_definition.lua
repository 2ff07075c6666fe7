-- whole
-- expect: state|error: the definition itself
local definition = {calls = 0}
function definition.score(item)
    definition.calls = definition.calls + 1
    return definition.calls
end
return definition
