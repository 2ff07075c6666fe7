return {
  title = "计数",
  reads = { "a", "class.max.a" },
  params = { per = 0.5, words = { "甲", "乙" } },
  score = function(item, a, most)
    return math.min(item.points, a * item.params.per + most / 100), item.params.words[1]
  end,
}
