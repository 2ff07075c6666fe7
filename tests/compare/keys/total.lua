return {
  title = "总分",
  reads = { "points.own", "points.joint", "points.below" },
  params = { extra = 0 },
  score = function(item, own, joint, below)
    return math.min(item.points, own + joint + below + item.params.extra)
  end,
}
