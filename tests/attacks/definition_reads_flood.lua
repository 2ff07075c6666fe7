-- whole
-- expect: error|limit|memory: a hundred thousand names
local names = {}
for i = 1, 100000 do names[i] = "x" .. i end
return {reads = names, score = function(item) return 1 end}
