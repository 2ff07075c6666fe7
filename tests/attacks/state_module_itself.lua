-- whole
-- expect: state: things left in the module itself
local shelf = require "shelf"
return {score = function(item) shelf.n = (shelf.n or 0) + 1 return shelf.n end}
