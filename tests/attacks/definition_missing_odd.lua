-- whole
-- expect: error: a word that `missing` does not know
return {missing = "sometimes", score = function(item) return 1 end}
