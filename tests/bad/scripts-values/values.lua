return {
  reads = { "n" },
  score = function(item, n)
    if n == 2 then return 2 end
    if n == 3 then return "three" end
    if n == 4 then return n.x end
    if n == 5 then while true do end end
    if n == 6 then item.not_reported() return 1 end
    if n == 7 then item.lose(1, "x") return 1 end
    if n == 8 then return item.pointz end
    if n == 9 then item.flag { severity = "grave", text = "x" } end
    if n == 10 then error { code = 1 } end
    if n == 11 then return 0 / 0 end
    return 1
  end,
}
