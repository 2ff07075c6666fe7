-- expect: memory|limit: functions that each keep a variable
local kept = {}
for i = 1, 1e8 do kept[i] = function() return kept, i end end
