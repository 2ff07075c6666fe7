-- expect: error: only values with a metamethod can be closed, and there are none
local t <close> = {__close = function() while true do end end}
return 1
