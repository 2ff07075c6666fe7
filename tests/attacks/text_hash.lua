-- expect: limit|memory: long texts as keys
local t, s = {}, ("k"):rep(50000)
for i = 1, 1e7 do t[s .. i] = nil end
