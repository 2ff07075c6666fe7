-- whole
-- expect: state: through table.remove
local t = {1, 2, 3}
return {score = function(item) table.remove(t) return #t end}
