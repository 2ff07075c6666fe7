-- expect: error|limit|memory|points: a table in a table in a table, returned
local t = {}
for _ = 1, 20000 do t = {t} end
return t
