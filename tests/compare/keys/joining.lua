return {
  title = "合成",
  reads = { "points.mean", "points.full" },
  params = { share = 0.5 },
  score = function(item, mean, full)
    return item.points * math.min(1, item.params.share * (mean / 10 + full / 10))
  end,
}
