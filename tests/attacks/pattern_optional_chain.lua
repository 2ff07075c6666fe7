-- expect: limit: take or leave, forty times
return ("k"):rep(40):match(("k?"):rep(40) .. ("k"):rep(40) .. "!") and 1 or 0
