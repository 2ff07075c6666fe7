-- whole
-- expect: error|limit|memory|ok 1: ten thousand parameters
local params = {}
for i = 1, 10000 do params["p" .. i] = i end
return {params = params, score = function(item) return 1 end}
