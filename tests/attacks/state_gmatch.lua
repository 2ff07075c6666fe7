-- whole
-- expect: state: an iterator that goes on where it was
local words = ("one two three four"):gmatch("%a+")
return {score = function(item) return #(words() or "") end}
