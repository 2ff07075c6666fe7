-- expect: ok 1|error: walking the item shows no table behind it
for k, v in pairs(item) do
    assert(type(k) == "string" and not k:find("^__"))
    assert(not tostring(v):find("0x"))
end
return 1
