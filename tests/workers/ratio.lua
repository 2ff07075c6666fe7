return {
  reads = { "received", "answered", "class.mean.answered" },
  params = { target = 95 },
  missing = "call",
  score = function(item, received, answered, mean)
    if not received or not answered then return item.not_reported() end
    if received == 0 then return item.not_applicable("nothing received") end
    local share = 100 * answered / received
    if share < item.params.target then
      item.flag { severity = "major", text = ("%.1f%%, class mean %.2f"):format(share, mean), remedy = "答复" }
    end
    return item.points * math.min(1, share / item.params.target), ("%d of %d"):format(answered, received)
  end,
}
