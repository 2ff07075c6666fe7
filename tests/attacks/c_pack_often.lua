-- expect: limit: packs and unpacks
local t = {1, 2, 3}
while true do t = table.pack(table.unpack(t, 1, 100)) end
