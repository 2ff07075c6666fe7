-- expect: ok 1|error: a comparator that changes what is sorted
local t = {}
for i = 1, 300 do t[i] = (i * 7919) % 300 end
table.sort(t, function(a, b)
    t[#t] = nil
    t[1] = a
    return a < b
end)
return 1
