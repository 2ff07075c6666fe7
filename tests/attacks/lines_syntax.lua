-- lines expect: error: texts that are no Lua
return ((1) -->
return 1 + -->
return "unfinished -->
return [[unfinished -->
--[[ unfinished -->
return '\xZZ' -->
return '\400' -->
return '\u{80000000}' -->
return '\u{110000000000}' -->
goto nowhere --> nowhere
::a:: ::a:: --> a
break --> break
do goto f end local x ::f:: return x -->
local x <const> = 1 x = 2 --> const
local x <final> = 1 --> final
local x <close>, y <close> = nil, nil -->
local function f() return ... end --> ...
return 3x --> malformed number
return 0x --> malformed number
return 1e --> malformed number
return 1..2 --> malformed number
x = = 1 -->
end -->
return 1 return 2 -->
local 1 = 2 -->
f() = 1 -->
(1) -->
@ -->
return $x -->
return 甲 -->
