return {
  reads = { "points.i15", "unit.id" },
  score = function(item, a, b)
    if a then return item.not_applicable("because") end
    return 0
  end,
}
