-- expect: limit: counts its way through a text
local s = ("考"):rep(20000)
while true do local n = utf8.offset(s, 20000) end
