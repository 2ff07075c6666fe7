-- expect: error|limit|memory: a comparator that sorts, in which one sorts
local function sort()
    local t = {2, 1}
    table.sort(t, function(a, b) sort() return a < b end)
end
sort()
