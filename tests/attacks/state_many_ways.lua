-- whole
-- expect: state: several functions that keep something, of which the same one is named each time
local alpha, bravo, charlie, delta, echo, foxtrot = 1, 2, 3, 4, 5, 6
local ways = {
    golf = function() alpha = 1 end,
    hotel = function() bravo = 1 end,
    india = function() charlie = 1 end,
    juliet = function() delta = 1 end,
    kilo = function() echo = 1 end,
    lima = function() foxtrot = 1 end,
}
return {score = function(item) ways.golf() return alpha end}
