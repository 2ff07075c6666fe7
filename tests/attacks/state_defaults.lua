-- whole
-- expect: state: the table of default parameters
local defaults = {target = 5}
return {
    params = defaults,
    score = function(item) defaults.target = defaults.target + 1 return item.params.target end,
}
