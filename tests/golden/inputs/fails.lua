return {
  reads = { "n", "more" },
  missing = "call",
  score = function(item, n, more)
    if n == 3 then return 11, "too much" end
    return n + more
  end,
}
