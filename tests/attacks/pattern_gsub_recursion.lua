-- expect: error|limit: callbacks inside callbacks use the C stack
local function again(text) return (text:gsub("%w", again)) end
return #again("abc")
