-- whole
-- expect: state: the iterator is in a function
local function make() local words = ("a bb ccc"):gmatch("%a+") return function() return words() end end
local ask = make()
return {score = function(item) return #(ask() or "") end}
