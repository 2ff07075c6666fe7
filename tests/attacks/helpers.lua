-- expect: ok 1|error: the helpers with numbers that are none
assert(clamp(5, 0, 3) == 3 and round(2.675, 2) == 2.68 and round(-2.5, 0) == -3)
return 1
