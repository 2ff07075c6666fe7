-- whole
-- expect: limit: a table that is no _ENV has an iterator by the name of pairs that never ends
local w = {pairs = select}
return {score = function(item)
  for _ in w.pairs(1, math.abs, 1, 1) do local x = 1 end
  return 1
end}
