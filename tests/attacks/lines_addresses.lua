-- lines expect: error: messages about tables and functions show no address
error({}) -->
error(error) -->
error(tostring({})) --> table
error(tostring(error)) --> function
error(tostring(function() end)) --> function
error(tostring(math)) --> table
error(tostring(item)) -->
error(("%s"):format({})) --> table
error(("%s %s"):format(error, {})) --> function
error(("%p"):format({})) -->
error(("%q"):format({})) -->
error("at " .. {}) --> concatenate
error(table.concat({{}})) -->
error(("x"):gsub("x", {x = {}})) -->
assert(false, {}) -->
assert(nil, error) -->
error(tostring(ipairs({}))) --> function
error(tostring(("x"):gmatch("."))) --> function
return {} .. "" --> concatenate
return error < error --> compare
return ({})() --> call
