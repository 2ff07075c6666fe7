-- expect: error 'compare': numbers and texts have no order
local t = {1, "a", 2, "b"}
table.sort(t)
