-- whole
-- expect: error|ok 1: a title that would write elsewhere
return {title = "a\nFORGED\27[31m", score = function(item) return 1 end}
