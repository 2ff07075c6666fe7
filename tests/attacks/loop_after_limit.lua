-- expect: limit: nothing in the script goes on once the limit is reached
local function forever() while true do end end
return #("abc"):gsub(".", function() table.sort({3, 2, 1}, function() forever() end) end)
