-- expect: limit: greedy dots, each giving back all it took
return ("n"):rep(3000):find((".*"):rep(8) .. "#") and 1 or 0
