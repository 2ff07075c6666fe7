-- expect: memory|limit: a long replacement, often
return #(("x"):rep(30000):gsub("x", ("long "):rep(9000)))
