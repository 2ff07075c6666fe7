"""Holds formulas, scripts, the geometric mean, rounding, ranks and grades against the published Human
Development Index.

    python3 hdi.py KAOPING_BINARY [DIR]

193 countries: life expectancy, expected and mean years of schooling and income go in; the index (three
places), the rank (on the rounded index, ties share) and the tier must come out as published, without one
difference. Four rubrics do it, each in its own way:

    formulas    three items by formula, a section with `combine: geometric`, tiers as bands
    formula     the whole index as one formula
    script      one script (method: lua), which requires a module; the tiers by a script too
    section     three items by formula, the mean by a section's script (combine: lua)

The published ranks stand on the rounded index: on the exact one 27 would be wrong, which the test makes sure
of, so that it can fail. DIR holds hdi-2022.csv; without it the copy in data/ is used (data/README.md names the
source).
"""

import csv
import os
import shutil
import sys
import tempfile

from compare import EngineError, normal, run_engine

HERE = os.path.dirname(os.path.abspath(__file__))
DEFAULT = os.path.join(HERE, "data", "hdi")
SCRIPTS = os.path.join(HERE, "..", "..", "scripts")
MODULES = ("means.lua",)
FIELDS = ("le", "eys", "mys", "gnipc")
TIERS = (("Very High", "0.800"), ("High", "0.700"), ("Medium", "0.550"), ("Low", None))
WRONG_IF_EXACT = 27

# --- the rubrics ----------------------------------------------------------------------------------

HEALTH = "clamp((le - 20) / 65, 0, 1)"
EDUCATION = "clamp((math.min(eys / 18, 1) + math.min(mys / 15, 1)) / 2, 0, 1)"
INCOME = "clamp((math.log(gnipc) - math.log(100)) / (math.log(75000) - math.log(100)), 0, 1)"

HEAD = """\
kaoping: 1
id: hdi
title: Human Development Index 2022
period: 2022
total: 1
round: {{item: exact, section: exact, total: 3}}
ranking: {{within: all, ties: shared, on: {on}}}
fields:
  le: {{type: number}}
  eys: {{type: number}}
  mys: {{type: number}}
  gnipc: {{type: number}}
"""

BANDS = "grades:\n" + "".join(
    f"  - {{name: {name}" + (f", from: {start}" if start else "") + "}\n" for name, start in TIERS)
BY_SCRIPT = f"grades: {{names: [{', '.join(name for name, _ in TIERS)}], script: tiers.lua}}\n"


def _dimensions():
    return "".join(f"  - {{id: {name}, title: {name}, points: 1, method: formula, formula: '{text}'}}\n"
                   for name, text in (("health", HEALTH), ("education", EDUCATION), ("income", INCOME)))


def rubrics():
    """{name: text} of the four, and of the one that ranks on the exact index."""
    geometric = "combine: geometric\nitems:\n" + _dimensions()
    whole = ("items:\n  - id: index\n    title: index\n    points: 1\n    method: formula\n"
             f"    formula: '({HEALTH} * {EDUCATION} * {INCOME}) ^ (1 / 3)'\n")
    script = "items:\n  - {id: index, title: index, points: 1, method: lua, script: hdi.lua}\n"
    section = "combine: lua\nscript: geometric.lua\nitems:\n" + _dimensions()
    head = HEAD.format(on="total")
    return {"formulas": head + geometric + BANDS, "formula": head + whole + BANDS,
            "script": head + script + BY_SCRIPT, "section": head + section + BY_SCRIPT,
            "exact": HEAD.format(on="exact") + geometric + BANDS}


LUA = {
    "hdi.lua": """\
local means = require "means"

return {
  title  = "Human Development Index",
  reads  = { "le", "eys", "mys", "gnipc" },
  params = { le = { 20, 85 }, eys = { 0, 18 }, mys = { 0, 15 }, gnipc = { 100, 75000 } },

  score = function(item, le, eys, mys, gnipc)
    local p = item.params
    local function share(value, range) return means.share(value, range[1], range[2]) end
    local education = means.arithmetic { share(eys, p.eys), share(mys, p.mys) }
    local income = means.share(math.log(gnipc), math.log(p.gnipc[1]), math.log(p.gnipc[2]))
    return means.geometric { share(le, p.le), education, income }
  end,
}
""",
    "geometric.lua": """\
local means = require "means"

return {
  score = function(item)
    local shares = {}
    for i, member in ipairs(item.members) do shares[i] = member.points / member.full end
    return item.points * means.geometric(shares)
  end,
}
""",
    "tiers.lua": """\
return {
  reads = { "points.total" },
  params = { bands = { 0.8, 0.7, 0.55 } },
  score = function(item, index)
    for place, from in ipairs(item.params.bands) do
      if index >= from then return place end
    end
    return item.names[#item.names]
  end,
}
""",
}

# --- comparing ------------------------------------------------------------------------------------


def read(folder):
    with open(os.path.join(folder, "hdi-2022.csv"), encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def data(rows):
    lines = [",".join(("id",) + FIELDS)]
    return "\n".join(lines + [",".join([row["iso3"]] + [row[f] for f in FIELDS]) for row in rows]) + "\n"


def differences(name, unit, row):
    found = {"hdi": unit["total"], "rank": unit["rank"], "tier": unit["grade"]}
    for key, ours in found.items():
        if row[key] and normal(ours) != normal(row[key]):
            yield f"{name}: {row['iso3']} {key}: kaoping {ours}, published {row[key]}"


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def run(binary, folder):
    """(number of countries, all differences)."""
    rows, found = read(folder), []
    with tempfile.TemporaryDirectory() as work:
        for name, text in LUA.items():
            write(work, name, text)
        for name in MODULES:
            shutil.copy(os.path.join(SCRIPTS, name), work)
        units = write(work, "units.csv", data(rows))
        for name, text in rubrics().items():
            result = run_engine(binary, write(work, f"{name}.yaml", text), [units])["units"]
            by_id = {unit["id"]: unit for unit in result}
            if name == "exact":
                wrong = sum(str(by_id[row["iso3"]]["rank"]) != row["rank"] for row in rows)
                if wrong != WRONG_IF_EXACT:
                    found.append(f"on the exact index {wrong} ranks differ, not {WRONG_IF_EXACT}")
                continue
            found += [line for row in rows for line in differences(name, by_id[row["iso3"]], row)]
    return len(rows), found


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    folder = arguments[1] if len(arguments) > 1 else DEFAULT
    try:
        count, found = run(os.path.abspath(arguments[0]), folder)
    except EngineError as error:
        count, found = 0, [str(error)]
    print("\n".join([*found[:20], f"hdi: {count} countries, {len(found)} differences"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
