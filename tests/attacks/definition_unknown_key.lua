-- whole
-- expect: error|warned|ok 1: a key that definitions do not have
return {scroe = 1, score = function(item) return 1 end}
