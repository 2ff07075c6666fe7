-- whole
-- expect: state flag: a function of the item of another call
local flag
return {score = function(item) flag = flag or item.flag flag {severity = "minor", text = "again"} return 1 end}
