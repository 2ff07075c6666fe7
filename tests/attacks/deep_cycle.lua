-- expect: error|points: a table within itself, returned
local t = {}
t.t = t
return t
