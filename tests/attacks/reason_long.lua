-- expect: ok 50|error|memory: a reason of sixty thousand letters
return 50, ("because "):rep(7500)
