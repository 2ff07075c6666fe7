-- whole
-- expect: error|refused: a module that requires itself
local circle = require "circle"
return {score = function(item) return 1 end}
