-- expect: limit: counts characters
local s = ("考"):rep(20000)
while true do local n = utf8.len(s) end
