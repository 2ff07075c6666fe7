-- expect: limit|memory: short texts, all different, none kept
for i = 1, 1e8 do local s = "t" .. i end
