-- expect: limit|memory: one long chain that the collector walks
local chain
for i = 1, 1e8 do chain = {chain} end
