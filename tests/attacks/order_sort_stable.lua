-- expect: ok 1: equal ones stay in their order
local t = {}
for i = 1, 1000 do t[i] = {key = i * 7 % 5, place = i} end
table.sort(t, function(a, b) return a.key < b.key end)
for i = 2, #t do
    local a, b = t[i - 1], t[i]
    assert(a.key < b.key or a.key == b.key and a.place < b.place)
end
return 1
