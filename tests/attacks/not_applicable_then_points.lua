-- expect: ok 50|error|points: called, but something else is returned
item.not_applicable("not used")
return 50
