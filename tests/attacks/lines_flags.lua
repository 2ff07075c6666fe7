-- lines expect: error: flags that say nothing, or too much
item.flag() return 1 -->
item.flag(nil) return 1 -->
item.flag("text") return 1 -->
item.flag({}) return 1 -->
item.flag {severity = "major"} return 1 --> text
item.flag {text = "x", severity = "huge"} return 1 --> severity
item.flag {text = "x", severity = 1} return 1 --> severity
item.flag {text = "x", severity = {}} return 1 --> severity
item.flag {text = {}, severity = "major"} return 1 --> text
item.flag {text = error, severity = "major"} return 1 --> text
item.flag {text = true, severity = "major"} return 1 --> text
item.flag {text = "x", severity = "major", remedy = {}} return 1 --> remedy
item.flag {text = "x", severity = "major", due = {}} return 1 --> due
item.flag {text = "x", severity = "major", due = "some day"} return 1 --> due
item.flag {text = "x", severity = "major", due = "2024-02-30"} return 1 --> due
item.flag {text = "x", severity = "major", serverity = "minor"} return 1 --> serverity
item:flag {text = "x", severity = "major"} return 1 -->
item.flag({text = "x", severity = "major"}, 1, 2, 3).x = 1 -->
item.lose() return 1 -->
item.lose("five", "reason") return 1 -->
item.lose({}, "reason") return 1 -->
item.lose(0 / 0, "reason") return 1 -->
item.lose(1 / 0, "reason") return 1 -->
item.lose(5, {}) return 1 -->
item:lose(5, "reason") return 1 -->
item.not_applicable({}) return 1 -->
return item.not_applicable({}) -->
return 50, {} -->
return 50, error -->
return 50, true -->
