-- lines expect: error: functions that change tables do not change those of the world
table.insert(math, 1) -->
table.insert(string, "x") -->
table.insert(_ENV, 1) -->
table.remove(table) -->
table.remove(math, 0) -->
table.sort(_ENV) -->
table.insert(table, 1, table) -->
