-- whole
-- expect: state n: the counter is in a table
local n = 0
local tools = {deep = {ask = function() n = n + 1 return n end}}
return {score = function(item) return tools.deep.ask() end}
