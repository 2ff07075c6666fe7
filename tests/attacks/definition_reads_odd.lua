-- whole
-- expect: error: names that are no texts
return {reads = {1, {}, error, true}, score = function(item) return 1 end}
