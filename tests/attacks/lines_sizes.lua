-- lines expect: memory|limit|error: sizes that nobody can have meant
return #("x"):rep(math.maxinteger) -->
return #("ab"):rep(math.maxinteger // 2 + 1) -->
return #("x"):rep(1e8, ("y"):rep(1000)) -->
return #("x"):rep(65537) -->
return #("x"):rep(2, ("y"):rep(65535)) -->
return select("#", table.unpack({}, 1, 1e6)) -->
return select("#", table.unpack({}, math.mininteger, math.maxinteger)) -->
return select("#", table.unpack({}, 1, math.maxinteger)) -->
return #table.pack(("x"):rep(60000):byte(1, -1)) -->
return #table.concat({}, "", 1, 1e15) -->
return #table.concat({}, "", math.mininteger, 0) -->
return #table.concat({"a", "b"}, ("-"):rep(65535)) -->
return #string.format("%s%s", ("x"):rep(40000), ("y"):rep(40000)) -->
return #(("x"):rep(40000) .. ("y"):rep(40000)) -->
return #("%999d"):format(1) -->
return #("%.999f"):format(1) -->
return #("%0100d"):format(1) -->
table.insert({}, 5, 1) --> out of bounds
table.insert({}, 1e15, 1) --> out of bounds
table.insert({}, 1, 2, 3) -->
table.remove({1, 2}, 7) --> out of bounds
