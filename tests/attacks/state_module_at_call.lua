-- whole
-- expect: state|refused|error: a module that counts, required during the call
return {score = function(item) return require("counter").ask() end}
