-- expect: ok 2|warned: some interpreters compile the index of an outer table wrongly
local W = {[true] = 2, [false] = 0}
local a = 5
local function pick() return W[a > 3] end
return pick()
