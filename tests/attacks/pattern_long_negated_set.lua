-- expect: limit: the same set negated and repeated
local set = "[^" .. ("z-z"):rep(15000) .. "]*"
local n = 0
for i = 1, 1000000 do n = n + #("abcdefgh"):rep(20):match(set) end
return n
