-- expect: error|limit|ok: matches within matches, ten thousand deep
return #(("(x"):rep(10000) .. "x"):match(("(x?"):rep(30) .. (")"):rep(30))
