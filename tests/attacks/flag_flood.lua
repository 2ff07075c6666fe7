-- expect: limit|memory|error: ten thousand flags
for i = 1, 10000 do item.flag {severity = "minor", text = "flag " .. i} end
return 1
