-- expect: error 'inner': an error raised through two C functions
table.sort({3, 1, 2}, function(a, b)
    return ("x"):gsub("x", function() error("inner") end) < "y"
end)
