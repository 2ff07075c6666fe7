-- expect: refused|error|state: its functions stay
item.flag = function() end
return 1
