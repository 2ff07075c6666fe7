-- Much work for little: tables, texts, patterns, sorting, so that workers differ in what ran before.
local weight = { a = 3, b = 2, c = 1 }
return {
  reads = { "name_text", "unit.id" },
  score = function(item, text, id)
    local n, seen = 0, {}
    for word in text:gmatch("%a+") do
      seen[#seen + 1] = word:lower()
      n = n + (weight[word:sub(1, 1):lower()] or 0)
    end
    table.sort(seen)
    local parts = {}
    for key, value in pairs(weight) do parts[#parts + 1] = key .. value end
    if n > 20 then n = 20 end
    return n, table.concat(seen, " ") .. " | " .. table.concat(parts, " ") .. " | " .. #id
  end,
}
