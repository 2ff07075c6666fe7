-- expect: error|ok 1: a list with holes
local t = {3, nil, 1, nil, 2}
table.sort(t)
return 1
