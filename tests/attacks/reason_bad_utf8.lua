-- expect: ok 50|error: bytes that are no text as a reason
return 50, "\xff\xfe\xc0\x80"
