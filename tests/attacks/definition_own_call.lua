-- whole
-- expect: error: calls its own function while loading, without an item
local function score(item) return item.points end
return {score = score, title = tostring(score(nil))}
