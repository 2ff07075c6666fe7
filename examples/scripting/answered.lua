return {
  reads = { "letters_received", "letters_answered", "letters_late" },

  score = function(item, received, answered, late)
    if received == 0 then
      return item.not_applicable("no letters came in")
    end
    local share = 100 * (answered + 0.5 * late) / received
    if share < 80 then
      item.flag { severity = "major", text = ("only %.1f%% answered"):format(share) }
    end
    return item.points * share / 100, ("%s on time, %s late, of %s"):format(answered, late, received)
  end,
}
