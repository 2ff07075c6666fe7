return {
  reads = {"letters"},
  params = {each = 1},
  score = function(item, letters) return math.min(item.points, letters * 1 * item.params.each) end,
}
