-- expect: limit: jumping back over a fresh table
local kept
::top::
kept = {kept and 1}
goto top
