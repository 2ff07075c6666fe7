-- expect: limit: looks a long text up that is an equal one
local t, s = {}, ("k"):rep(60000)
t[s .. "1"] = 1
local key = s .. "1"
for _ = 1, 1e8 do local x = t[key] end
