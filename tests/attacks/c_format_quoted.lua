-- expect: limit|error|memory: quoting doubles a text
local s = ("\\"):rep(30000)
while true do local t = ("%q"):format(s) end
