-- expect: refused|error|state: nor by table.insert
table.insert(item.params, 1)
return #item.params
