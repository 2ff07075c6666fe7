-- expect: ok 1|error: a character cut in two where a text is cut
item.flag {severity = "minor", text = "a" .. ("考"):rep(21000)}
return 1
