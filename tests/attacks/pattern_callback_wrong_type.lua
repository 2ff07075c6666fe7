-- expect: error 'invalid replacement value': a table cannot be put into a text
return #("abc"):gsub(".", function() return {} end)
