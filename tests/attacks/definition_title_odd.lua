-- whole
-- expect: error: a title that is no text
return {title = {}, score = function(item) return 1 end}
