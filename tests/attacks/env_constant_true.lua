-- expect: refused|warned|error: a constant environment that is no table
local _ENV <const> = true
return total
