-- whole
-- expect: state: through table.insert, which does not ask the table
local t = {}
return {score = function(item) table.insert(t, 1) return #t end}
