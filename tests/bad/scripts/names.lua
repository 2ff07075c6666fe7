return {
  reads = { "nn" },
  score = function(item, n)
    total = n
    return os.time() + string.revrse("a") + mth.floor(n)
  end,
}
