-- expect: ok|error|memory: a reason of sixty thousand letters
return item.not_applicable(("n"):rep(60000))
