return {
  reads = { "n" },
  score = function(gate, n)
    return n
  end,
}
