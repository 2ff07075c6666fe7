-- expect: ok 1|error: keys that come and go during the walk
local t = {a = 1, b = 2, c = 3, d = 4}
local seen = ""
for k in pairs(t) do
    seen = seen .. k
    t.b, t["new" .. k] = nil, true
end
assert(seen == "acd" or seen == "abcd", seen)
return 1
