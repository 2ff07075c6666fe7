-- expect: refused|error: a method that texts do not have
return ("x"):explode()
