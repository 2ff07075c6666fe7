-- expect: ok 3|refused|warned|error: a constant environment, which some interpreters compile wrongly
local _ENV <const> = {a = 1, b = 2}
return a + b
