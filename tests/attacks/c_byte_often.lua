-- expect: limit: two hundred bytes a call
local s = ("ab"):rep(1000)
while true do local t = {s:byte(1, 200)} end
