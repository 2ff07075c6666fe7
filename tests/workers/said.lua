return {
  reads = { "received", "answered" },
  score = function(item, received, answered)
    if answered < received then
      item.flag { severity = "minor", text = ("%d of %d"):format(answered, received) }
    end
    return math.min(10, answered), ("answered %d"):format(answered)
  end,
}
