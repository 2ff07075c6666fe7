-- expect: error 'callback gave up': an error crosses the matcher
return #("abc"):gsub(".", function() error("callback gave up") end)
