-- whole
-- expect: state: the variable of a loop, kept by a function
local f
for i = 1, 1 do f = function() i = i + 1 return i end end
return {score = function(item) return f() end}
