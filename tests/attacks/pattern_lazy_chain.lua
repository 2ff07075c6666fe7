-- expect: limit: a dozen lazy dots before a letter that never comes
local text = ("ab"):rep(4000)
return text:match((".-"):rep(12) .. "c") and 1 or 0
