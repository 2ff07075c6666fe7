-- expect: limit: pairs puts keys in order each time
local t = {}
for i = 1, 2000 do t["k" .. i] = i end
while true do
    for _ in pairs(t) do break end
end
