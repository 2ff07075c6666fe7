-- expect: ok 1|error: bytes that are no text
item.flag {severity = "major", text = "\xff\xfe\xc0\x80\xed\xa0\x80", remedy = "\xf8"}
return 1
