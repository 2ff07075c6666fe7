-- expect: limit|memory|error: a list twice as long each time
local function twice(...)
    local t = table.pack(...)
    for i = 1, t.n do t[t.n + i] = t[i] end
    return twice(table.unpack(t, 1, 2 * t.n))
end
return twice(1)
