-- votes_by_rank.lua: judges put units in order; each first place counts 4, each second 3, 2, 1.
--
-- fields   votes_first, votes_second, votes_third, votes_fourth   第一至第四名票数
--          how many judges put the unit first, second, third, fourth; an empty cell counts as none unless all
--          four are empty
-- params   worth   {4, 3, 2, 1}  what a vote for each place counts
--          judges  0             how many judges voted; full marks are all of them voting "first". 0: the votes
--                                are points as they stand, up to full marks
--
-- Give the fields `by: assessor`; then the item needs `missing:`.
return {
  title  = "按名次计票",
  reads  = { "votes_first", "votes_second", "votes_third", "votes_fourth" },
  params = { worth = { 4, 3, 2, 1 }, judges = 0 },
  missing = "call",

  score = function(item, first, second, third, fourth)
    local p = item.params
    if not (first or second or third or fourth) then
      return item.not_reported()
    end
    local votes = { first or 0, second or 0, third or 0, fourth or 0 }
    local sum, cast, parts = 0, 0, {}
    for place, n in ipairs(votes) do
      sum = sum + n * p.worth[place]
      cast = cast + n
      parts[place] = ("%s × %s"):format(n, p.worth[place])
    end
    local reason = ("%s = %s"):format(table.concat(parts, " + "), sum)

    if p.judges == 0 then
      return math.min(item.points, sum), reason
    end
    if cast > p.judges then
      item.flag { severity = "major", text = ("计票%s张，多于评委%s人，请核实"):format(cast, p.judges) }
    end
    local most = p.judges * p.worth[1]
    return item.points * math.min(1, sum / most), ("%s; ÷ %s"):format(reason, most)
  end,
}
