return {
  reads = { "n", "done" },
  score = function(item, n)
    return n
  end,
}
