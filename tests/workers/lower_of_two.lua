return {
  reads = { "points.total", "points.letters" },
  score = function(grades, total, letters)
    local by_total = total >= 85 and 1 or total >= 60 and 2 or 3
    local by_letters = (letters or 0) >= 45 and 1 or 2
    return grades.names[math.max(by_total, by_letters)]
  end,
}
