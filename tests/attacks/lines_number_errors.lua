-- lines expect: error: numbers that cannot be had
return 1 // 0 --> attempt to
return 1 % 0 --> attempt to
return math.mininteger // 0 --> attempt to
return math.fmod(1, 0) --> fmod
return 1.5 | 0 --> no integer representation
return 2 ^ 63 | 0 --> no integer representation
return "abc" + 1 --> arithmetic
return {} + 1 --> arithmetic
return nil + 1 --> arithmetic
return 1 < "2" --> compare
return {} < {} --> compare
return nil > 1 --> compare
return 1 .. {} --> concatenate
return #5 --> length
return (5)() --> call
return (nil).x --> index
local t = {} t[nil] = 1 --> nil
local t = {} t[0 / 0] = 1 --> NaN
for i = 1, 10, 0 do end --> step
for i = 1, "x" do end --> limit
return ("x"):rep({}) --> number expected
return ("x"):rep(1.5) --> no integer representation
return ("x"):rep(0 / 0) --> no integer representation
return math.floor({}) --> number expected
return tostring() -->
return tonumber() -->
return tonumber("10", 99) --> base out of range
return tonumber(10, 10) --> string expected
return string.char(256) --> out of range
return string.char(-1) --> out of range
return utf8.char(-1) --> out of range
return utf8.char(2 ^ 31) --> out of range
return utf8.codepoint("\xff") --> invalid UTF-8
return utf8.codepoint("abc", 1, 99) --> out of bounds
return select(0) --> out of range
return select(-5, 1) --> out of range
return ipairs() -->
return pairs(nil) -->
return type() -->
return assert(false) --> assertion failed
return assert(nil, "my words") --> my words
