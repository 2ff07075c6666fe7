-- whole
-- expect: error|limit|memory|ok 1: parameters ten thousand deep
local params = {}
for _ = 1, 10000 do params = {inner = params} end
return {params = params, score = function(item) return 1 end}
