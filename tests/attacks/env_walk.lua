-- expect: ok 1|error: walking all names finds nothing that is not allowed
for name, value in pairs(_ENV) do
    assert(name ~= "os" and name ~= "io" and name ~= "debug" and name ~= "load")
    assert(not tostring(value):find("0x"))
end
return 1
