-- expect: limit: each try compares two captures again
return ("a"):rep(20000):find("(.-)(.-)%1%2#") and 1 or 0
