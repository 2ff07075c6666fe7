-- whole
-- expect: state|ok 1: sorting what is sorted changes nothing
local t = {1, 2, 3}
return {score = function(item) table.sort(t) return t[1] end}
