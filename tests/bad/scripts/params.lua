local more = require "more"
return {
  reads = { "n" },
  score = function(item, n)
    return more.half(n)
  end,
}
