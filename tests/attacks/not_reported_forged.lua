-- expect: points|error: a table that looks like an answer
return {not_reported = true, state = "not_applicable"}
