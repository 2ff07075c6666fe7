-- expect: limit|ok 0: nothing, very often
return #(""):rep(math.maxinteger)
