return {
  reads = { "letters_received", "letters_answered", "letters_late" },

  score = function(item, received, answered, late)
    if received == 0 then
      return item.not_applicable("全年没有来信来访")
    end
    local share = 100 * (answered + 0.5 * late) / received
    if share < 80 then
      item.flag { severity = "major", text = ("办结率只有%.1f%%"):format(share), remedy = "补办并报送说明" }
    end
    return item.points * share / 100, ("受理%s件，按期%s件，逾期%s件"):format(received, answered, late)
  end,
}
