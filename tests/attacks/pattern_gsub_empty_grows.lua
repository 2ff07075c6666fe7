-- expect: memory|limit: text put in at every place
return #(("x"):rep(60000):gsub("", "yy"))
