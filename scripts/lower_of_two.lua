-- lower_of_two.lua: the grade is the lower of two: the band of the total, and the grade of a key section.
--
-- For `grades: {names: [...], script: lower_of_two.lua}`; names are highest first.
--
-- reads    points.total, and grade.key_tasks: the section must have the id key_tasks and grades of its own, with
--          the names of `grades`
-- params   bands  {90, 80, 60}   from how many points of the total each grade begins; one fewer than names
--
-- A unit to which the section does not apply, or for which it has no result, goes by its total alone.
local function place_of(names, name)
  for place, each in ipairs(names) do
    if each == name then
      return place
    end
  end
  error("'" .. name .. "' is none of the names of grades")
end

return {
  title  = "总分等次与重点工作等次从低",
  reads  = { "points.total", "grade.key_tasks" },
  params = { bands = { 90, 80, 60 } },

  score = function(item, total, key_tasks)
    local names, bands = item.names, item.params.bands
    if #bands ~= #names - 1 then
      error(("%s names need %s bands, not %s"):format(#names, #names - 1, #bands))
    end
    local place = #names
    for i = #bands, 1, -1 do
      if total >= bands[i] then
        place = i
      end
    end
    if key_tasks then
      place = math.max(place, place_of(names, key_tasks))
    end
    return place
  end,
}
