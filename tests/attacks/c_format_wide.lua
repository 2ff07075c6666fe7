-- expect: limit: fields as wide as they may be
while true do local s = ("%99.99f"):format(1e308) end
