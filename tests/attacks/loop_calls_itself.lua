-- whole
-- expect: limit: the text of score has no loop, and it calls nothing but itself
local score
function score(item) return score(item) end
return {score = score}
