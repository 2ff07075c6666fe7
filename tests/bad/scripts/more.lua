local absent = require "absent_too"
return { half = function(x) return x / 2 end }
