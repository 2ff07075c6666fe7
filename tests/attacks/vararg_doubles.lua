-- expect: limit|memory|error: arguments doubled with each call
local function double(t) return double({table.unpack(t), table.unpack(t)}) end
return double({1, 2, 3})
