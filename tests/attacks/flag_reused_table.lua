-- expect: ok 1|error: one table for several flags, changed between
local flag = {severity = "minor", text = "one"}
item.flag(flag)
flag.text = "two"
item.flag(flag)
flag.text = nil
return 1
