-- expect: ok 5|refused: an environment of the script's own is a table like any other
local _ENV = {}
y = 5
return y
