-- expect: ok 1|error: a spare continuation byte
local n = 0
for _ in utf8.codes("ab\x80") do n = n + 1 end
return n > 0 and 1 or 0
