-- expect: limit: every bracket looks for its partner up to the end
return ("("):rep(60000):find("%b()x") and 1 or 0
