-- expect: error|limit: gsub calls sort calls gsub
local down
local function less(a, b) down("x") return a < b end
function down(s)
    return (s:gsub(".", function() table.sort({2, 1}, less) end))
end
return #down("x")
