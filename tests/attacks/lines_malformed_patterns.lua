-- lines expect: error: a pattern that ends too early or means nothing; nothing is read behind its end
return #("a"):match("[a") --> malformed
return #("a"):match("[") --> malformed
return #("a"):match("[^") --> malformed
return #("a"):match("[]") --> malformed
return #("a"):match("[a-") --> malformed
return #("a"):match("[a%") --> malformed
return #("a"):match("[%") --> malformed
return #("a"):match("%") --> malformed
return #("a"):match("(a") --> unfinished capture
return #("a"):match("a)") --> invalid pattern capture
return #("a"):match("%1") --> invalid capture index
return #("a"):match("(%1)") --> invalid capture index
return #("a"):match("%f") --> missing '['
return #("a"):match("%b") --> missing arguments to '%b'
return #("a"):match("%bx") --> missing arguments to '%b'
return #("a"):gsub("a", "%2") --> invalid capture index
return #("a"):gsub("a", "%") --> invalid use of '%' in replacement string
return #("a"):gsub("a", "%x") --> invalid use of '%' in replacement string
return #("a"):gsub("a") --> string/function/table
return #("a"):gsub("a", true) --> string/function/table
return #("a"):find() -->
return #("a"):find({}) --> string expected
return #("a"):gmatch() -->
