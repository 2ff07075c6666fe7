-- expect: refused|error|state: nor the item itself
table.insert(item, 1)
return #item
