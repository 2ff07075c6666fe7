-- whole
-- expect: error|points|refused: a function of the library as score
return {score = math.floor}
