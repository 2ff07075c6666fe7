-- Counts how often it is asked: a module that keeps state.
local n = 0
return {ask = function() n = n + 1 return n end}
