-- expect: limit: one step compares thirty thousand bytes
return ("a"):rep(60000):find("(a+)%1b") and 1 or 0
