-- expect: limit: a comparator that takes its time
local t = {}
for i = 1, 200 do t[i] = (i * 37) % 101 end
table.sort(t, function(a, b)
    for _ = 1, 100000 do end
    return a < b
end)
