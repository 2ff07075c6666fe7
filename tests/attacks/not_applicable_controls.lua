-- expect: ok|error: a reason with escapes
return item.not_applicable("a\nFORGED\27[31m")
