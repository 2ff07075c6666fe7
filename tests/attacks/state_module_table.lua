-- whole
-- expect: state: things left in a module's table
local shelf = require "shelf"
return {score = function(item)
    shelf.things[#shelf.things + 1] = 1
    return #shelf.things
end}
