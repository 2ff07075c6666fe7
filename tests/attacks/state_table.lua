-- whole
-- expect: state seen: a table in an outer variable
local seen = {}
return {score = function(item) seen[#seen + 1] = true return #seen end}
