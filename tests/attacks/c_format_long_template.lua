-- expect: limit|memory: a template of percents
local s = ("%%"):rep(30000)
while true do local t = s:format() end
