return {
  title = "扣分",
  reads = { "points.taken" },
  params = { part = 1 },
  score = function(item, taken)
    return taken * item.params.part
  end,
}
