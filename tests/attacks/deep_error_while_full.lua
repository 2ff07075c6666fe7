-- expect: error|memory|limit: no room for the message of the error
local function down(n)
    local pad = ("p"):rep(n % 1000)
    return error({pad, down(n + 1)})
end
return down(1)
