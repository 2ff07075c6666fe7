-- expect: limit|memory|error|ok: points lost ten thousand times
for _ = 1, 10000 do item.lose(0.001, "again") end
return 1
