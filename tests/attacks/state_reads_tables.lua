-- whole
-- expect: ok 1: tables made at loading can be read in every way
local t = {30, 10, 20, x = {y = {1, 2}}, name = "n"}
return {score = function(item)
    assert(#t == 3 and t[1] == 30 and t.x.y[2] == 2 and t.nothing == nil)
    assert(select("#", table.unpack(t)) == 3 and table.concat(t, ",") == "30,10,20")
    local n, names = 0, {}
    for _, v in ipairs(t) do n = n + v end
    for k in pairs(t) do names[#names + 1] = tostring(k) end
    assert(n == 60 and table.concat(names, " ") == "1 2 3 name x", table.concat(names, " "))
    local copy = table.pack(table.unpack(t))
    table.sort(copy)
    assert(copy[1] == 10 and t[1] == 30 and ("n"):gsub("n", t) == "n")
    return 1
end}
