-- whole
-- expect: state: the iterator is in a table
local t = {{words = ("one two three four"):gmatch("%a+")}}
return {score = function(item) return #(t[1].words() or "") end}
