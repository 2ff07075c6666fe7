-- expect: memory|limit: a replacement that repeats its match
return #(("x"):rep(1000):gsub("x+", ("%0"):rep(100)))
