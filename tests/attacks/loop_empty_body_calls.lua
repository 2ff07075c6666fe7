-- expect: limit: a library function in a loop
for _ = 1, 1e9 do math.floor(1.5) end
