-- expect: limit: order of long texts in a condition of a loop
local a, b = ("z"):rep(64000), ("z"):rep(64000)
while a <= b do end
