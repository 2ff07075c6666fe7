-- whole
-- expect: state: through table.sort
local t = {3, 1, 2}
return {score = function(item) local first = t[1] table.sort(t) return first end}
