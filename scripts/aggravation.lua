-- aggravation.lua: an event costs points, a second one of the same kind counts double.
--
-- fields   events_1, events_2, events_3   three kinds of events, each a count: 迟报, 漏报, 错报 ...
--          an empty cell counts as none unless all three are empty
-- params   lose    {1, 1, 1}  what the first event of each kind costs
--          again   2          how many times as much every further one of that kind costs
--          kinds   {"第一类", "第二类", "第三类"}   what they are called in reasons and flags
--          most    0          at most so much is lost; 0: up to full marks
--          remedy             of the flag that a repeated event gets
return {
  title  = "重复发生加倍扣分",
  reads  = { "events_1", "events_2", "events_3" },
  params = {
    lose = { 1, 1, 1 },
    again = 2,
    kinds = { "第一类", "第二类", "第三类" },
    most = 0,
    remedy = "从制度上分析重复发生的原因，举一反三，形成整改报告",
  },
  missing = "call",

  score = function(item, ...)
    local p = item.params
    local counts = { ... }
    local lost, parts, reported = 0, {}, false
    for kind = 1, 3 do
      local n = counts[kind]
      reported = reported or n ~= nil
      if n and n > 0 then
        local cost = p.lose[kind] * (1 + (n - 1) * p.again)
        lost = lost + cost
        if n > 1 then
          table.insert(parts, ("%s: %s + %s × %s"):format(p.kinds[kind], p.lose[kind], n - 1, p.lose[kind] * p.again))
          item.flag { severity = "major", text = ("%s发生%s次"):format(p.kinds[kind], n), remedy = p.remedy }
        else
          table.insert(parts, ("%s: %s"):format(p.kinds[kind], p.lose[kind]))
        end
      end
    end
    if not reported then
      return item.not_reported()
    end

    local most = p.most > 0 and math.min(p.most, item.points) or item.points
    if lost > most then
      table.insert(parts, ("%s > %s"):format(lost, most))
      lost = most
    end
    return item.points - lost, #parts > 0 and "−(" .. table.concat(parts, "; ") .. ")" or nil
  end,
}
