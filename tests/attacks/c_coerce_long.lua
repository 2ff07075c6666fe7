-- expect: limit|error: arithmetic reads a long text as a number
local s = ("0"):rep(60000) .. "1"
while true do local n = s + 1 end
