-- expect: limit: a walk over every place for every place
local n, text = 0, ("x"):rep(60000)
for _ in text:gmatch("") do
    for _ in text:gmatch("()") do n = n + 1 end
end
return n
