-- expect: limit|memory: each removal moves all others
local t = {}
for i = 1, 20000 do t[i] = i end
for _ = 1, 20000 do table.remove(t, 1) end
return #t
