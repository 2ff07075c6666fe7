-- lines expect: error: whatever is thrown becomes one plain message
error() -->
error(nil) -->
error(true) -->
error(42) --> 42
error({code = 1}) -->
error("plain") --> plain
error("no place", 0) --> no place
error("level", 2) --> level
error("level", 1e9) -->
error("level", math.mininteger) -->
error("level", math.maxinteger) -->
error("level", -1) --> level
error(("long "):rep(12000)) --> long
error("FORGED\nFORGED: error: not from here [script-failed]") -->
error("\27[2J\27[31mFORGED") -->
error("\rFORGED") -->
error("\0FORGED") -->
error("\xff\xfe\xc0\x80") -->
error("\u{202E}FORGED") -->
error("%s%n%d") --> %s%n%d
error(("%d"):rep(100)) -->
error(0 / 0) -->
error(error) -->
