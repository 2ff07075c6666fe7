-- expect: limit: the same with captures inside captures
return ("a"):rep(40):find(("(a*"):rep(20) .. (")"):rep(20) .. "b") and 1 or 0
