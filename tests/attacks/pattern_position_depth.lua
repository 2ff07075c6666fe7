-- expect: error|limit|ok: optional items nest in the matcher
return ("a"):rep(9000):find(("a?"):rep(9000)) or 0
