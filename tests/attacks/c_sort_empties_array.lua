-- expect: ok 1|error|limit: a comparator that takes all away and puts other things in
local t = {}
for i = 1, 300 do t[i] = -i end
table.sort(t, function(a, b)
    for i = 1, #t do t[i] = nil end
    t.x, t.y, t[400] = {}, {}, {}
    return a < b
end)
return 1
