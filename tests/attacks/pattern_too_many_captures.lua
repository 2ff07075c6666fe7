-- expect: error 'too many captures': thirty-three
return #("x"):rep(50):match(("(x)"):rep(33))
