-- whole
-- expect: state step: a function that puts another in its place
local step
step = function() step = function() return 2 end return 1 end
return {score = function(item) return step() end}
