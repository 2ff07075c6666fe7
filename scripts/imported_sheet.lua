-- imported_sheet.lua: takes over the result of another sheet: a share of what was lost there, or the whole
-- result converted.
--
-- fields   sheet_score  另一张表的得分   what the unit got on the other sheet
-- params   sheet_full  100          full marks of the other sheet
--          take        "deduction"  25 % (share) of what was lost there is lost here; or
--                      "score"      the result is converted: 81 of 100 is 24.3 of 30
--          share       25           for "deduction", in percent
return {
  title  = "引用另一张考核表的结果",
  reads  = { "sheet_score" },
  params = { sheet_full = 100, take = "deduction", share = 25 },

  score = function(item, score)
    local p = item.params
    local counted = clamp(score, 0, p.sheet_full)
    if counted ~= score then
      item.flag { severity = "major", text = ("得分%s不在0至%s之间，请核实"):format(score, p.sheet_full) }
    end

    if p.take == "score" then
      return item.points * counted / p.sheet_full, ("%s × %s ÷ %s"):format(counted, item.points, p.sheet_full)
    elseif p.take == "deduction" then
      local lost = (p.sheet_full - counted) * p.share / 100
      return math.max(0, item.points - lost), ("−(%s − %s) × %s%% = −%s"):format(p.sheet_full, counted, p.share, lost)
    end
    error("take is 'deduction' or 'score', not '" .. p.take .. "'")
  end,
}
