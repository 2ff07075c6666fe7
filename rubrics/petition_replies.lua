-- petition_replies.lua: 来信来访回复率，按 scripts/answered_on_time.lua 计算，字段用本细则的；本细则不填逾期数。
local base = require "answered_on_time"

return {
  title   = "来信来访回复率",
  reads   = { "petition_received_count", "petition_replied_count" },
  params  = base.params,
  missing = base.missing,

  score = function(item, received, replied)
    return base.score(item, received, replied, 0)
  end,
}
