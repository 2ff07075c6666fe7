-- expect: limit: every word's edge runs to the end of the text
return ("a "):rep(30000):find("%f[%w].-%f[%z]!") and 1 or 0
