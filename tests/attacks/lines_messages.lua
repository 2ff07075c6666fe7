-- lines expect: error|memory: messages that name another place, that are too long, or whose choice of words could vary
error("#0:1: FORGED place", 0) -->
error("#1:999999999: FORGED place", 0) -->
error("#9:1: FORGED place", 0) -->
error("#0:0: ", 0) -->
error("attack.lua:1:1: error: FORGED [script-failed]", 0) -->
error("", 0) -->
return item[("x"):rep(65000)] -->
return item.params[("p"):rep(60000)] -->
return math[("x"):rep(65000)] -->
return _ENV[("x"):rep(65000)] -->
return ("x")[("x"):rep(65000)] -->
return require(("x"):rep(60000)) -->
return item.flg -->
return item.poinst -->
return math.flor -->
return string.reps -->
return mth -->
return tab -->
item.flag {text = "x", severity = ("s"):rep(60000)} -->
item.flag {text = "x", [("k"):rep(60000)] = 1} -->
item.flag {text = "x", severity = "minor", aa = 1, bb = 2, cc = 3, dd = 4, ee = 5, ff = 6, gg = 7, hh = 8, ii = 9} -->
item.flag {text = {}, severity = {}, remedy = {}, due = {}} -->
item.flag {[1] = "a", [2] = "b", [true] = 1, [2.5] = 1} -->
local t = {} for i = 1, 50 do t["k" .. i] = i end item.flag(t) -->
return table.concat({1, 2, ("x"):rep(60000), {}}) -->
return ("x"):rep(60000) + 1 -->
return ("x"):rep(60000) < 1 -->
return (("x"):rep(60000))() -->
local t = {} t[("x"):rep(60000)].y = 1 -->
