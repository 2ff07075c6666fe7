-- lines expect: ok: ranges with nothing in them end at once
return #(""):rep(0) --> 0
return #("x"):rep(-1e15) --> 0
return #("x"):rep(math.mininteger) --> 0
return #table.concat({}, "x", math.maxinteger, math.mininteger) --> 0
return #table.concat({}, "x", 1, 0) --> 0
return #("abc"):sub(math.mininteger, math.maxinteger) --> 3
return #("abc"):sub(math.maxinteger, math.mininteger) --> 0
return select("#", table.unpack({}, 1, 0)) --> 0
return select("#", table.unpack({}, math.maxinteger, math.mininteger)) --> 0
return select("#", ("abc"):byte(5, 9)) --> 0
return #("%99d"):format(1) --> 99
return #("%.99f"):format(1) > 99 and 1 or 0 --> 1
return #("%s"):rep(3):format(1, 2, 3) --> 3
return #("x"):rep(65536) // 65536 --> 1
