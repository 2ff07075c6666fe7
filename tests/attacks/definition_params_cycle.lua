-- whole
-- expect: error: parameters that contain themselves
local params = {}
params.params = params
return {params = params, score = function(item) return 1 end}
