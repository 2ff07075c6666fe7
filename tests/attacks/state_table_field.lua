-- whole
-- expect: state total: a sum in a field
local total = {points = 0}
return {score = function(item) total.points = total.points + 1 return total.points end}
