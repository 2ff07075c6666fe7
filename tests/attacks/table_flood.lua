-- expect: memory|limit: tables that are all kept
local t = {}
while true do t = {t, {}, {}} end
