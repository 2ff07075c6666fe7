-- expect: limit: a long text through format
local s = ("x"):rep(60000)
while true do local t = ("%s"):format(s) end
