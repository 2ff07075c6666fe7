-- expect: limit: the end of a list is searched for
local t = {}
for i = 1, 10000 do t[i] = true end
for i = 1, 10000, 2 do t[i] = nil end
while true do local n = #t end
