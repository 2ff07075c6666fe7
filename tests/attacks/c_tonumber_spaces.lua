-- expect: limit: blanks before a number
local s = (" "):rep(60000) .. "1"
while true do local n = tonumber(s) end
