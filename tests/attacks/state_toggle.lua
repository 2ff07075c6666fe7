-- whole
-- expect: state on: back as it was every second call
local on = false
return {score = function(item) on = not on return on and 100 or 0 end}
