-- expect: limit: code points, a hundred a call
local s = ("考"):rep(100)
while true do local t = {utf8.codepoint(s, 1, -1)} end
