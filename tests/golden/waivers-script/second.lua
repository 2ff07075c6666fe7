return {
  reads = { "b", "points.first" },
  score = function(item, b, first)
    if first < 5 then -- of u1 only without its waiver
      item.flag { severity = "minor", text = "first is only " .. first }
      return b and 10 or 0, "with first at " .. first
    end
    return b and 10 or 0
  end,
}
