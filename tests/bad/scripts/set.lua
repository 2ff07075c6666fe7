return {
  reads = { "n" },
  missing = "call",
  params = { target = 95, size = 3, never = 1 },
  score = function(item, n)
    return n * item.params.target / item.params.size + item.params.factor
  end,
}
