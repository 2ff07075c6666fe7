-- expect: limit: pairs within pairs
local t, n = {}, 0
for i = 1, 1500 do t["k" .. i] = i end
for _ in pairs(t) do
    for _ in pairs(t) do n = n + 1 end
end
