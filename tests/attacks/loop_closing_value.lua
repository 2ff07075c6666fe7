-- expect: limit|error: a block that is left and entered again
while true do local x <close> = nil end
