-- lines expect: points: what a script returns must be a number within reach
return 0 / 0 --> nan
return -(0 / 0) --> nan
return math.huge - math.huge --> nan
return 1 / 0 --> inf
return -1 / 0 --> inf
return -math.huge --> inf
return 2 ^ 1024 --> inf
return -1 --> -1
return -0.01 --> -0.01
return 100.01 --> 100.01
return 101 --> 101
return 1e308 -->
return 2 ^ 63 -->
return math.maxinteger -->
return math.mininteger -->
return "50" -->
return "0x32" -->
return true --> boolean
return nil -->
return -->
local unused = 50 -->
return {} --> table
return {50} --> table
return function() return 50 end --> function
return "50", 50 -->
return math --> table
return nil, "no reason without points" -->
return math.floor --> function
return {points = 50} --> table
