-- whole
-- expect: error: several parameters that no rubric could give, of which the same is named each time
return {
    params = {alpha = error, bravo = 0 / 0, charlie = 1 / 0, delta = {error}, echo = type, foxtrot = 1},
    score = function(item) return 1 end,
}
