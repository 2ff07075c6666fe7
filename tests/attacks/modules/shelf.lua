-- A table that others might leave things in.
return {things = {}}
