-- expect: ok 50|error: line ends and escapes in a reason
return 50, "a\nFORGED: error\27[31m\r\0 =cmd|'/c calc'!A1"
