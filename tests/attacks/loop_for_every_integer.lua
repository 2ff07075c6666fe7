-- expect: limit: from the least to the greatest
for _ = math.mininteger, math.maxinteger do end
