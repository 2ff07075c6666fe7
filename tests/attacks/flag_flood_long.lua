-- expect: limit|memory|error: long flags
for i = 1, 1000 do
    item.flag {severity = "minor", text = ("f"):rep(60000), remedy = ("r"):rep(60000)}
end
return 1
