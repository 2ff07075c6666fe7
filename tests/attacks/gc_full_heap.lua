-- expect: limit|memory: as much as fits is kept, then small garbage is made
local kept = {}
for i = 1, 50000 do kept[i] = {i, {}, "k" .. i} end
while true do local garbage = {{}} end
