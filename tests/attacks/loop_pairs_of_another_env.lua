-- whole
-- expect: limit: a world of the script's own has other pairs
local abs, select = math.abs, select
local function make()
  local _ENV = {ipairs = select}
  return {score = function(item)
    for _ in ipairs(1, abs, 1, 1) do local x = 1 end
    return 1
  end}
end
return make()
