-- expect: limit: a search inside the callback of a search
local text = ("y"):rep(2000)
return #(text:gsub("y", function() return text:match("y-y-z") end))
