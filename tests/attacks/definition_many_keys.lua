-- whole
-- expect: error: many wrong keys, of which the same ones are named each time
local t = {score = function(item) return 1 end}
for i = 1, 60 do t["key" .. i * 7919 % 61] = i end
return t
