-- expect: limit: digits of another base
local s = ("z"):rep(60000)
while true do local n = tonumber(s, 36) end
