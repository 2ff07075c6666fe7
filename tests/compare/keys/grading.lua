return {
  title = "等次",
  reads = { "points.total", "grade.own" },
  params = { bands = { 30, 15 } },
  score = function(item, total, own)
    for i, band in ipairs(item.params.bands) do
      if total >= band and own ~= "差" then
        return i
      end
    end
    return #item.names
  end,
}
