-- expect: ok 1|error: nor do the libraries hold more than they say
for _, library in ipairs({math, string, table, utf8}) do
    for name in pairs(library) do
        assert(name ~= "random" and name ~= "dump" and name ~= "pack" or library == table)
        assert(name ~= "__index" and name ~= "__newindex" and name ~= "__metatable")
    end
end
return 1
