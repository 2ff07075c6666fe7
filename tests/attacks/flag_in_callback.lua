-- expect: ok 1: flags may come from anywhere in the call
("abc"):gsub(".", function(c) item.flag {severity = "minor", text = c} end)
return 1
