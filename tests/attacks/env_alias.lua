-- expect: refused os: reading through another name
local env = _ENV
return env.os.time()
