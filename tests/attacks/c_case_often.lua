-- expect: limit: letters of a long text
local s = ("Ab"):rep(30000)
while true do s = s:lower():upper() end
