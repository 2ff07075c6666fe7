-- expect: refused: a name put together at run time
local env = _ENV
return env["o" .. "s"].time()
