-- expect: limit: nearly all of a long text
local s = ("ab"):rep(30000)
while true do local t = s:sub(2) end
