-- expect: refused|error: a name the item does not have
return item.nothing_like_it + 1
