-- expect: limit: gsub that replaces nothing still searches
return #(("a"):rep(30000):gsub("a-a-a-b", ""))
