-- expect: limit: a long text backwards
local s = ("ab"):rep(30000)
while true do s = s:reverse() end
