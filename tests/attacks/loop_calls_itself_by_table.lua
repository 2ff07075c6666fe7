-- whole
-- expect: limit: score finds itself in the definition
local d = {}
function d.score(item) return d.score(item) end
return d
