-- expect: error 'attack.lua:5': the line of an error in % and //
local zero = 0
local one = 1
local two = 2
local bad = one % zero
local after = two + bad
return after
