-- whole
-- expect: state: through table.insert at the front
local t = {9}
return {score = function(item) table.insert(t, 1, 1) return #t end}
