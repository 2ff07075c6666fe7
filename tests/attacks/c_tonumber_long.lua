-- expect: limit: digits without end
local s = ("9"):rep(60000)
while true do local n = tonumber(s) end
