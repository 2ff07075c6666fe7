-- expect: limit: text from two hundred numbers
local t = {("a"):rep(200):byte(1, 200)}
while true do local s = string.char(table.unpack(t)) end
