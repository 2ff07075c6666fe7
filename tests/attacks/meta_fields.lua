-- expect: refused|error: names of metatables are no keys that anything has
return math.__index.floor(50.5)
