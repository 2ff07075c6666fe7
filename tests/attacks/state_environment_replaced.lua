-- whole
-- expect: state|refused|error: the script's environment replaced in a call
return {score = function(item) _ENV = {memo = 1} return 1 end}
