return {
  reads = {},
  score = function(section)
    local sum, worst = 0, 1
    for _, m in ipairs(section.members) do
      if m.points then
        sum = sum + m.points
        worst = math.min(worst, m.points / m.full)
      end
    end
    return math.min(section.points, (sum + worst * section.points) / 2), ("worst share %.3f"):format(worst)
  end,
}
