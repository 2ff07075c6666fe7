-- two_rate_gap.lua: each percentage point below a mark costs so much, below a second mark more.
--
-- fields   tasks_due   应完成数   how many were due
--          tasks_done  完成数     how many of them were done
-- params   rates     {{below = 96, lose = 0.25}, {below = 90, lose = 0.5}}   highest mark first; the points
--                    that one percentage point costs
--          mode      "marginal": each stretch at its own rate; "all": the whole distance at the last rate
--                    reached. At 88.5 % of 10 points: 10 − 6 × 0.25 − 1.5 × 0.5 = 7.75, or 10 − 7.5 × 0.5 = 6.25
--          steps     "exact": a part of a point costs its part; "down": whole points only; "up": a part
--                    costs as much as a whole one
--          nothing_below  0   below this share nothing is earned
--
-- Nothing due: not applicable, so the rubric needs `not_applicable:`. The method `gap` does the same
-- in exact decimals; begin here if your sheet has a rule of its own between the marks.
local function cut(distance, how)
  if how == "exact" then
    return distance
  end
  local whole = steps(distance, 1)
  return (how == "up" and whole < distance) and whole + 1 or whole
end

-- The distance that is costed at each rate: list of {points, rate}.
local function stretches(share, rates, mode)
  local list = {}
  for i, rate in ipairs(rates) do
    if share < rate.below then
      local ends = rates[i + 1] and share < rates[i + 1].below and rates[i + 1].below or share
      table.insert(list, { distance = rate.below - ends, lose = rate.lose })
    end
  end
  if mode == "all" and #list > 0 then
    list = { { distance = rates[1].below - share, lose = list[#list].lose } }
  end
  return list
end

return {
  title  = "两档扣分的完成率",
  reads  = { "tasks_due", "tasks_done" },
  params = {
    rates = { { below = 96, lose = 0.25 }, { below = 90, lose = 0.5 } },
    mode = "marginal",
    steps = "exact",
    nothing_below = 0,
  },

  score = function(item, due, done)
    local p = item.params
    if due == 0 then
      return item.not_applicable("没有应完成的任务")
    end
    if done > due then
      item.flag { severity = "major", text = ("完成%s，多于应完成的%s，请核实"):format(done, due) }
    end
    local share = round(100 * done / due, 8)
    local text = ("%s ÷ %s = %s%%"):format(done, due, round(share, 2))
    if share < p.nothing_below then
      item.flag { severity = "major", text = ("%s，低于%s%%，不得分"):format(text, p.nothing_below) }
      return 0, ("%s < %s%%"):format(text, p.nothing_below)
    end

    local lost = 0
    for _, part in ipairs(stretches(share, p.rates, p.mode)) do
      local points = cut(part.distance, p.steps)
      lost = lost + points * part.lose
      text = ("%s; −%s × %s"):format(text, round(points, 2), part.lose)
    end
    return math.max(0, item.points - lost), text
  end,
}
