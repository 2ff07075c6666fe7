-- expect: limit: thirty stars share sixty letters in every possible way
return ("x"):rep(60):find(("x*"):rep(30) .. "y") and 1 or 0
