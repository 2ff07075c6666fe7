-- whole
-- expect: error: no function to call
return {title = "nothing to call"}
