return {
  reads = {"letters"},
  params = {each = 1},
  score = function(item, letters) return math.min(item.points, letters * item.params.each) end,
}
