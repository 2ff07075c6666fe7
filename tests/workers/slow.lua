return {
  reads = { "received" },
  score = function(item, received)
    local n = 0
    for i = 1, 100000 do n = n + i % 7 end
    return n % 10
  end,
}
