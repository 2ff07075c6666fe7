-- expect: ok 9: methods of texts work
local s = ("ab"):rep(2):upper():lower():reverse()
assert(s == "baba" and #s == 4 and s:len() == 4)
assert(("%d-%s"):format(3, "x") == "3-x")
return #s + ("考评"):find("评") + 1
