-- expect: refused|error|state: full marks stay
item.points = 1000
return 1000
