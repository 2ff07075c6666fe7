-- expect: error 'after the flag': what failed flags nothing
item.flag {severity = "major", text = "FORGED flag of a script that failed"}
error("after the flag")
