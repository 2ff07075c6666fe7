-- whole
-- expect: state: a module that counts
local counter = require "counter"
return {score = function(item) return counter.ask() end}
