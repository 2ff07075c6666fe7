-- expect: limit: two long halves, one instruction
local half = ("h"):rep(32000)
while true do local s = half .. half end
