-- expect: ok 0|points|error: the item's parts are of the kinds they should be
assert(type(item.id) == "string" and type(item.points) == "number" and type(item.params) == "table")
item = nil
return 0
