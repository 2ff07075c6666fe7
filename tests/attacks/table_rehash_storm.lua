-- expect: limit: a key goes, another comes, and the whole table is counted again
local t = {}
for i = 1, 16384 do t[i] = i end
for i = 1, 1e7 do
    t["k" .. i] = nil
    t[-i] = i
    t[-i] = nil
    t[i + 0.5] = true
    t[i + 0.5] = nil
end
