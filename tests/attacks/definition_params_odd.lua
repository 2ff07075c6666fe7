-- whole
-- expect: error: parameters that no rubric could give
return {params = {f = error, n = 0 / 0}, score = function(item) return 1 end}
