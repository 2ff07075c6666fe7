-- expect: error: the name of what failed is looked for in a long chain
local a = {_ENV = {_ENV = {}}}
return a._ENV._ENV._ENV.x + 1
