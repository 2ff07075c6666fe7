-- workload_coefficient.lua: what a section's members earn × (1 + 0.1 × weight of the workload).
--
-- For a section: `combine: lua`. Its members are scored by any method, their points are added up, and the sum
-- is multiplied. A member without a result leaves, and the others carry its points in proportion.
--
-- fields   workload  工作量权重   0 for a plain unit, 1, 2 ... for heavier ones (filled in by the assessor)
-- params   per_weight  0.1   what each weight adds to the coefficient
--          most        1.5   the coefficient never exceeds this
--
-- The section never earns more than its points. A workload that is not reported counts as 0 and is flagged.
return {
  title  = "工作量系数",
  reads  = { "workload" },
  params = { per_weight = 0.1, most = 1.5 },
  missing = "call",

  score = function(item, workload)
    local earned, full = 0, 0
    for _, member in ipairs(item.members) do
      if member.points then
        earned = earned + member.points
        full = full + member.full
      end
    end
    if not workload then
      item.flag { severity = "minor", text = "没有工作量权重，系数按1计" }
    end

    local coefficient = math.min(item.params.most, 1 + item.params.per_weight * (workload or 0))
    local share = earned / full
    return math.min(item.points, item.points * share * coefficient),
           ("%s ÷ %s × %s"):format(round(earned, 4), round(full, 4), coefficient)
  end,
}
