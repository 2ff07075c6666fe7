-- means.lua: a module for other scripts: `local means = require "means"`.
--
--   means.share(value, worst, best)   where a value lies between worst (0) and best (1), cut at both ends;
--                                     worst may be the larger one
--   means.arithmetic(list)            the three means of a list of numbers that are not negative. With a 0 in
--   means.geometric(list)             it the geometric and the harmonic mean are 0
--   means.harmonic(list)
local means = {}

function means.share(value, worst, best)
  if worst == best then
    error("worst and best are the same")
  end
  return clamp((value - worst) / (best - worst), 0, 1)
end

function means.arithmetic(list)
  local sum = 0
  for _, x in ipairs(list) do
    sum = sum + x
  end
  return sum / #list
end

-- Sums of logarithms: a product of many small shares would vanish.
function means.geometric(list)
  local sum = 0
  for _, x in ipairs(list) do
    if x == 0 then
      return 0
    end
    sum = sum + math.log(x)
  end
  return math.exp(sum / #list)
end

function means.harmonic(list)
  local sum = 0
  for _, x in ipairs(list) do
    if x == 0 then
      return 0
    end
    sum = sum + 1 / x
  end
  return #list / sum
end

return means
