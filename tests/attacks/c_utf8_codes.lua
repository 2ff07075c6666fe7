-- expect: limit: walks characters
local s, n = ("考"):rep(20000), 0
while true do
    for _, code in utf8.codes(s) do n = n + code end
end
