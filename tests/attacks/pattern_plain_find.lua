-- expect: limit: plain search for a text that nearly fits everywhere
local text, wanted = ("a"):rep(65000), ("a"):rep(32000) .. "b"
local n = 0
for i = 1, 100000 do n = n + (text:find(wanted, 1, true) or 0) end
return n
