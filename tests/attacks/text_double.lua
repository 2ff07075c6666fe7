-- expect: memory|limit: doubled thirty times
local s = "kaoping!"
for _ = 1, 30 do s = s .. s end
return #s
