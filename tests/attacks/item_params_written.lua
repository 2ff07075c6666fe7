-- expect: refused|error|state: nor are its parameters
item.params.target = 1
return 1
