-- expect: error|refused|ok 1: an environment of the script's own does not lead out
local _ENV = {}
return os and 0 or 1
