-- expect: limit: gmatch that never yields still searches
for _ in ("a"):rep(9000):gmatch("(.-)(.-)(.-)b") do end
return 1
