-- expect: ok 1|error|memory: one flag of sixty thousand letters
item.flag {severity = "major", text = ("长"):rep(20000)}
return 1
