-- expect: limit|ok 1: as many as fit
local t = {}
for i = 1, 12000 do t[i] = (i * 7919) % 12007 end
table.sort(t)
for i = 2, #t do assert(t[i - 1] <= t[i]) end
return 1
