-- expect: limit: picks from the end of a long list of arguments
local function pick(...)
    local n = 0
    for i = 1, select("#", ...) do n = n + select(i, ...) end
    return n
end
local t = {}
for i = 1, 150 do t[i] = i end
while true do pick(table.unpack(t)) end
