-- composite_index.lua: several indicators, each brought to 0..1 between a worst and a best value, and their
-- mean. With the geometric mean, and still more with the harmonic, a good figure cannot make up for a bad one.
--
-- fields   indicator_1 .. indicator_4   any numbers; their labels say what they are
-- params   worst     {0, 0, 0, 0}          where each earns nothing
--          best      {100, 100, 100, 100}  where each earns all; below worst: less is better
--          mean      "geometric", "harmonic" or "arithmetic"
--          at_least  4   so many must be reported; those that are not leave the mean and are flagged
--
-- Needs means.lua beside it.
local means = require "means"

return {
  title  = "综合指数",
  reads  = { "indicator_1", "indicator_2", "indicator_3", "indicator_4" },
  params = {
    worst = { 0, 0, 0, 0 },
    best = { 100, 100, 100, 100 },
    mean = "geometric",
    at_least = 4,
  },
  missing = "call",

  score = function(item, ...)
    local p = item.params
    local values, shares, texts = { ... }, {}, {}
    for i = 1, 4 do
      if values[i] then
        local share = means.share(values[i], p.worst[i], p.best[i])
        table.insert(shares, share)
        table.insert(texts, ("%.4f"):format(share))
      else
        table.insert(texts, "–")
      end
    end
    if #shares < math.max(1, p.at_least) then
      return item.not_reported()
    end
    if #shares < 4 then
      item.flag { severity = "minor", text = ("%s项指标中有%s项未报，按已报的计算"):format(4, 4 - #shares) }
    end

    local index
    if p.mean == "geometric" then
      index = means.geometric(shares)
    elseif p.mean == "harmonic" then
      index = means.harmonic(shares)
    elseif p.mean == "arithmetic" then
      index = means.arithmetic(shares)
    else
      error("mean is 'geometric', 'harmonic' or 'arithmetic', not '" .. p.mean .. "'")
    end
    return item.points * index, ("%s (%s) = %.4f"):format(p.mean, table.concat(texts, ", "), index)
  end,
}
