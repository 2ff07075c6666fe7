-- whole
-- expect: state n: a count in an outer variable
local n = 0
return {score = function(item) n = n + 1 return n end}
