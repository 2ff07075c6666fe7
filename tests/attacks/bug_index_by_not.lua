-- expect: ok 2|warned: the same with `not`
local W = {[true] = 2, [false] = 0}
local a = nil
local function pick() return W[not a] end
return pick()
