-- expect: limit|error: continuation bytes only
local s = ("\x80"):rep(60000)
while true do local n = utf8.offset(s, 2, 1) end
