-- expect: limit|memory: many long pieces in one instruction
local s = ("m"):rep(4000)
while true do
    local t = s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s
end
