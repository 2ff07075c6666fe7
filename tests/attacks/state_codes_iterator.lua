-- whole
-- expect: state|ok 1: the iterator of utf8.codes, kept
local step, text, first = utf8.codes("考评")
return {score = function(item) local place = step(text, first) return place end}
