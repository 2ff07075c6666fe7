-- expect: limit: one letter more, sixty thousand times
local s = ""
for _ = 1, 65000 do s = s .. "x" end
return #s
