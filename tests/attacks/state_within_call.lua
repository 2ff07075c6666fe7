-- whole
-- expect: ok 6: what begins and ends within a call is no state
return {score = function(item)
    local n, seen = 0, {}
    local function add(x) n = n + x seen[#seen + 1] = x end
    ("abc"):gsub(".", function() add(2) end)
    table.sort(seen)
    return n
end}
