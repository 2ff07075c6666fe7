-- expect: limit|memory|ok 0: nothing, very often, with nothing between
return #(""):rep(1e15, "")
