-- expect: error|ok 1: functions as keys
local t, out = {}, {}
for i = 1, 50 do t[function() return i end] = i end
for _, i in pairs(t) do out[#out + 1] = i end
for i = 2, #out do assert(out[i - 1] < out[i], "the order of addresses shows") end
return 1
