local seen = 0
return {
  score = function(item)
    seen = seen + 1
    return 1
  end,
}
