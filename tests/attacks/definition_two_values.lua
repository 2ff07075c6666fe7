-- whole
-- expect: error|ok 1: more than one thing returned
return {score = function(item) return 1 end}, {score = function(item) return 2 end}
