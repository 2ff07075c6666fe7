-- expect: limit: a step too small to move
for _ = 1, 2, 1e-300 do end
