-- expect: ok 1|error: line ends and escapes in a flag do not reach the terminal
item.flag {severity = "major", text = "a\nFORGED: error\27[31m\r\0\127\u{9b}31m\u{202E}", remedy = "b\nFORGED\27]0;x\7"}
return 1
