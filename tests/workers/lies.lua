return { reads = { "false_material" }, score = function(gate, lie) return lie end }
