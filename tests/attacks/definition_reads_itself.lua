-- whole
-- expect: error: a table that contains itself
local reads = {}
reads[1] = reads
return {reads = reads, score = function(item) return 1 end}
