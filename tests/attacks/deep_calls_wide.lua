-- expect: error|memory|limit: the same with many variables
local function down(a, b, c, d, e, f, g, h)
    local x = {down(b, c, d, e, f, g, h, a)}
    return x
end
return down(1, 2, 3, 4, 5, 6, 7, 8)
