-- whole
-- expect: state: through table.remove at the front
local t = {1, 2, 3}
return {score = function(item) return table.remove(t, 1) end}
