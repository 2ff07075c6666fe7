return {
  params = { never = 1 },
  score = function(item)
    return item.points
  end,
}
