-- whole
-- expect: ok 3|state: what changes while the chunk runs is no state
local n, list = 0, {}
local function add() n = n + 1 list[#list + 1] = n end
add() add() add()
return {score = function(item) return #list end}
