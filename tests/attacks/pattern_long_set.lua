-- expect: limit: one character is held against sixty thousand
return ("b"):rep(60000):find("[" .. ("a"):rep(60000) .. "]") and 1 or 0
