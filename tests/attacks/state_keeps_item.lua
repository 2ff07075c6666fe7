-- whole
-- expect: state kept: the item of another call
local kept
return {score = function(item) kept = kept or item return kept.points end}
