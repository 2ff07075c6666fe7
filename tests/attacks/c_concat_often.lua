-- expect: limit: joins a thousand pieces again and again
local t = {}
for i = 1, 1000 do t[i] = "piece" end
while true do local s = table.concat(t, ",") end
