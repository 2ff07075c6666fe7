-- expect: limit: two hundred values a call
local t = {}
for i = 1, 200 do t[i] = i end
while true do local a = select(200, table.unpack(t)) end
