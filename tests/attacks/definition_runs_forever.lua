-- whole
-- expect: limit: loading has a limit too
while true do end
return {score = function(item) return 1 end}
