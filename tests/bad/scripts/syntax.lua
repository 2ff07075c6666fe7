return {
  reads = { "n" },
  score = function(item, n)
    local x = = 3
    return 1
  end,
}
