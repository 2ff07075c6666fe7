-- whole
-- expect: error|state: an iterator as score
return {score = ("1 2 3"):gmatch("%d")}
