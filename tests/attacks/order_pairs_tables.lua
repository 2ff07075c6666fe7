-- expect: error|ok 1: keys that only an address could order
local t, names, out = {}, {}, {}
for i = 1, 50 do
    local key = {}
    t[key], names[key] = i, i
end
for _, i in pairs(t) do out[#out + 1] = i end
for i = 2, #out do assert(out[i - 1] < out[i], "the order of addresses shows") end
return 1
