-- expect: limit: two keys take turns on a table that is full
local t = {}
for i = 1, 8192 do t[i] = i end
for i = 1, 1e8 do
    t[true] = nil
    t[false] = i
    t[false] = nil
    t[true] = i
end
