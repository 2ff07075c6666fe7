-- expect: refused|error: nor do they lead to the table behind
math.__newindex = nil
