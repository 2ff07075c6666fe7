-- expect: limit: the same with names for keys
local t, keys = {}, {}
for i = 1, 4096 do keys[i] = "k" .. i t[keys[i]] = i end
for i = 1, 1e7 do
    t[keys[i % 4096 + 1]] = nil
    t["n" .. i % 9000] = i
    t["n" .. i % 9000] = nil
end
