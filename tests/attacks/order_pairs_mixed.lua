-- expect: ok 1: keys of all kinds come in the same order always
local t = {[3] = 1, [1] = 1, x = 1, [2.5] = 1, [true] = 1, [-1] = 1, a = 1, [false] = 1,
    ["10"] = 1, ["9"] = 1, [2 ^ 53] = 1, [""] = 1, ["a\0b"] = 1, ["考"] = 1}
local function walk()
    local out = {}
    for k in pairs(t) do out[#out + 1] = tostring(k) end
    return table.concat(out, " ")
end
local first = walk()
t.a, t[1], t.x = nil, nil, nil
t.x, t[1], t.a = 1, 1, 1
assert(walk() == first, first .. " / " .. walk())
return 1
