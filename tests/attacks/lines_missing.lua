-- lines expect: refused: what the small world does not have is refused by its name
return setmetatable({}, {}) --> setmetatable
return getmetatable("") --> getmetatable
return rawget({}, 1) --> rawget
return rawset({}, 1, 2) --> rawset
return rawequal(1, 1) --> rawequal
return rawlen({}) --> rawlen
return next({}) --> next
local step = next --> next
return pcall(error) --> pcall
return xpcall(error, error) --> xpcall
return load("return 1") --> load
return loadstring("return 1") --> loadstring
return loadfile("data.csv") --> loadfile
return dofile("data.csv") --> dofile
return collectgarbage() --> collectgarbage
print("hello") --> print
warn("@on") --> warn
return os.time() --> os
return os.getenv("HOME") --> os
os.exit(0) --> os
os.remove("data.csv") --> os
return io.read() --> io
io.write("hello") --> io
return io.popen("true") --> io
return debug.getinfo(1) --> debug
debug.sethook() --> debug
return package.path --> package
return package.loaded --> package
return coroutine.wrap(error) --> coroutine
return coroutine.running() --> coroutine
return unpack({}) --> unpack
return module("x") --> module
return setfenv(1, {}) --> setfenv
return getfenv(1) --> getfenv
return newproxy(true) --> newproxy
return bit32.band(1, 1) --> bit32
return jit.version --> jit
return arg[0] --> arg
return _G.math --> _G
return _G._G --> _G
return _VERSION --> _VERSION
return table.move({}, 1, 2, 3) --> move
return table.getn({}) --> getn
return string.pack("i4", 1) --> pack
return string.unpack("i4", "xxxx") --> unpack
return string.packsize("i4") --> packsize
return string.dump(error) --> dump
return ("x"):dump() --> dump
return ("i4"):pack(1) --> pack
return math.random() --> random
math.randomseed(1) --> randomseed
return math.pow(2, 3) --> pow
return string.gfind("a", "a") --> gfind
return require("os") -->
return require("debug") -->
return require("../counter") -->
return require("/etc/passwd") -->
return require("socket") -->
