-- whole
-- expect: state: values left in a list that was made at loading
local cache = table.pack(1, 2, 3)
return {score = function(item) cache.n = cache.n + 1 return cache.n end}
