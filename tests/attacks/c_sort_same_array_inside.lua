-- expect: ok 1|error|limit: a comparator that sorts the same array
local t, depth = {5, 3, 4, 1, 2}, 0
table.sort(t, function(a, b)
    if depth < 3 then
        depth = depth + 1
        table.sort(t)
    end
    return a < b
end)
return 1
