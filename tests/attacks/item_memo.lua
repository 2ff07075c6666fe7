-- expect: refused|error|state: the item is no place to keep things
item.memo = (item.memo or 0) + 1
return item.memo
