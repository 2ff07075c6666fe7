-- expect: ok 100: a comparator that says yes and no in turn
local t, yes = {}, false
for i = 1, 500 do t[i] = i % 7 end
table.sort(t, function() yes = not yes return yes end)
return #t // 5
