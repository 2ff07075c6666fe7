-- expect: ok 2: a caret is a plain character there, not a loop without end
local n = 0
for _ in ("^a^a"):gmatch("^a") do n = n + 1 end
return n
