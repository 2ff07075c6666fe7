-- answered_on_time.lua: what was answered on time counts in full, what was answered late by half.
--
-- fields   letters_received  来信来访受理量   how many came in
--          letters_answered  按期办结量       how many were answered on time
--          letters_late      逾期办结量       how many were answered late; an empty cell counts as none
-- params   target       95   from this share on full marks, in percent; below it in proportion
--          late_counts  0.5  what one that was answered late counts
--          flag         yes  whether a share below the target is flagged; `no` where the item's own `deficiency:`
--                            sees to it
--          severity, remedy, due   of that flag; due like "15 days", or none
--
-- Nothing received: not applicable, so the rubric needs `not_applicable:`.
return {
  title  = "按期办结率",
  reads  = { "letters_received", "letters_answered", "letters_late" },
  params = {
    target = 95,
    late_counts = 0.5,
    flag = true,
    severity = "major",
    remedy = "逐件办结并答复，向考核办报送逾期原因",
    due = "none",
  },
  missing = "call",

  score = function(item, received, answered, late)
    local p = item.params
    if not received or not answered then
      return item.not_reported()
    end
    if received == 0 then
      return item.not_applicable("没有受理")
    end
    late = late or 0

    local counted = answered + late * p.late_counts
    local share = round(100 * counted / received, 8)
    local shown = tostring(round(share, 4)) .. "%"
    local reason = ("(%s + %s × %s) ÷ %s = %s"):format(answered, late, p.late_counts, received, shown)
    if answered + late > received then
      item.flag { severity = "major", text = ("办结%s件，多于受理的%s件，请核实"):format(answered + late, received) }
    end
    if share >= p.target then
      return item.points, ("%s ≥ %s%%"):format(reason, p.target)
    end
    if p.flag then
      item.flag {
        severity = p.severity,
        text = ("办结率%s，低于%s%%"):format(shown, p.target),
        remedy = p.remedy,
        due = p.due ~= "none" and p.due or nil,
      }
    end
    return item.points * share / p.target, ("%s; ÷ %s%%"):format(reason, p.target)
  end,
}
