-- whole
-- expect: state busy: back as it was at the end of each call
local busy = false
return {score = function(item) busy = true local points = busy and 1 or 0 busy = false return points end}
