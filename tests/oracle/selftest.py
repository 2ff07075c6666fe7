"""The recomputation held against figures printed on real assessment sheets and in the language's
own examples.

Run by `python3 recompute.py --selftest`. Each row names the pattern, so that a failure says which
rule was misread.
"""

import sys

import yaml

from cells import read_cell
from conditions import holds, parse
from exact import number, plain, rounded
from inputs import Unit
from recompute import result

# what, points, the item's keys, {field: type}, [(values, expected points)]
ITEMS = [
    ("R01 all or nothing", "3.5", "method: yesno, field: a", {"a": "yesno"},
     [("是", "3.5"), ("无", "0")]),
    ("R02 per one short", "5", "method: short, field: a, need: 12, lose: 0.5", {"a": "count"},
     [("12", "5"), ("9", "3.5"), ("0", "0"), ("9次", "3.5"), ("１１", "4.5")]),
    ("R03 30 x 0.167 clamps at 0", "5", "method: short, field: a, need: 30, lose: 0.167",
     {"a": "count"},
     [("0", "0"), ("1", "0.157")]),
    ("R04 credit per event", "6", "method: each, field: a, earn: 1", {"a": "count"},
     [("4", "4"), ("9", "6"), ("5余", "5"), ("≤5", "0")]),
    ("R05 ratio", "5", "method: ratio, of: [a, b], target: 100%", {"a": "count", "b": "count"},
     [(("3", "4"), "3.75"), (("0", "4"), "0"), (("4", "0"), None)]),
    ("R06 per percentage point", "20",
     "method: gap, field: a, target: 95%, lose: 0.25 per 1%, partial_step: exact",
     {"a": "percent"}, [("95%", "20"), ("90", "18.75")]),
    ("R07 two rates, marginal", "20", "method: gap, field: a, partial_step: exact, mode: marginal, "
     "rates: [{below: 96%, lose: 0.25 per 1%}, {below: 90%, lose: 0.5 per 1%}]", {"a": "percent"},
     [("88.5", "17.75")]),
    ("R07 two rates, all", "20", "method: gap, field: a, partial_step: exact, mode: all, "
     "rates: [{below: 96%, lose: 0.25 per 1%}, {below: 90%, lose: 0.5 per 1%}]", {"a": "percent"},
     [("88.5", "16.25")]),
    ("R08 per native unit", "10",
     "method: gap, field: a, target: 35, better: low, lose: 0.5 per 1, partial_step: up",
     {"a": "number"}, [("35", "10"), ("36.2", "9"), ("近36", "9.5")]),
    ("R09 steps and a cliff", "10",
     "method: gap, field: a, target: 100%, lose: 1 per 10%, partial_step: down, "
     "nothing_at: 80%", {"a": "percent"}, [("80", "0"), ("80.1", "9"), ("90", "9"), ("91", "10")]),
    ("R10 late per day", "5",
     "method: late, field: a, due: 2024-12-20, lose: 1 per day, nothing_at: 4 days",
     {"a": "date"}, [("2024-12-20", "5"), ("2024-12-21", "4"), ("2024/12/22", "3"),
                     ("2024年12月23日", "2"),
                     ("2024-12-24", "0"), ("2024-12-25 08:00", "0"), ("无", "0")]),
    ("R10 late per month", "5",
     "method: late, field: a, due: 2024-01-31, lose: 1 per month, partial_step: up",
     {"a": "date"}, [("2024-02-29", "4"), ("2024-03-01", "3"), ("2024-03-31", "3")]),
    ("R11 tiers", "5", "method: tiers, field: a, "
     "tiers: [{from: 10, points: 5}, {from: 5, points: 2.5}, {from: 3, points: 1.25}]",
     {"a": "count"},
     [("10", "5"), ("9", "2.5"), ("3", "1.25"), ("2", "0"), ("约10", "0")]),
    ("R12 straight line", "10", "method: linear, field: a, from: 90%, to: 100%", {"a": "percent"},
     [("90", "0"), ("95", "5"), ("100", "10"), ("80", "0")]),
    ("R14 checklist with lose", "4", "method: checklist, parts: [a, b, c], lose: 0.5",
     {"a": "yesno", "b": "yesno", "c": "yesno"},
     [(("是", "", ""), "3"), (("是", "不适用(无)", "否"), "3.5")]),
    ("R14 checklist, others carry", "9", "method: checklist, parts: {a: 4, b: 2, c: 3}",
     {"a": "yesno", "b": "yesno", "c": "yesno"},
     [(("是", "不适用", "否"), "5.14285714"), (("", "", ""), "0")]),
    ("R15 sub-cap", "10", "method: each, field: a, lose: 1, most: 4", {"a": "count"},
     [("3", "7"), ("9", "6")]),
    ("R16 aggravation", "10", "method: each, field: a, lose: 1, then: 2", {"a": "count"},
     [("1", "9"), ("3", "5")]),
    ("R19 ladder", "6",
     "method: ladder, levels: [{name: C, needs: [a], points: 2}, {name: B, needs: [b], points: 4}, "
     "{name: A, needs: [c], points: 6}]", {"a": "yesno", "b": "yesno", "c": "yesno"},
     [(("是", "否", "是"), "2"), (("是", "是", "是"), "6"), (("否", "是", "是"), "0")]),
    ("R22 mean of raters", "10",
     "method: rating, fields: [a, b, c, d, e, f], out_of: 10, blank: skip, "
     "drop: {ends: 1, when_over: 5}", {name: "number" for name in "abcdef"},
     [(("1", "8", "8", "9", "9", "10"), "8.5"), (("1", "8", "8", "9", "9", ""), "7")]),
    ("exact tenths", "1", "method: each, field: a, earn: 0.1", {"a": "count"}, [("10", "1")]),
]

# values of the units of one class, expected points of each
CLASS_ITEMS = [
    ("R61 -2% a place", "200", "method: rank, field: a, better: high, step: 2%", ["9", "8", "7"],
     ["200", "196", "192"]),
    ("R62 600..500 by place", "600", "method: rank, field: a, better: high, last: 500",
     [str(20 - n) for n in range(11)], ["600", "590"] + [str(580 - 10 * n) for n in range(8)]
     + ["500"]),
    ("R60 ratio to the best", "600", "method: best, field: a, better: high, from: zero",
     ["8", "4", "无"], ["600", "300", "0"]),
    ("best of worst, low", "100", "method: best, field: a, better: low, from: worst",
     ["2", "4", "6"], ["100", "50", "0"]),
    ("ties share the better place", "10", "method: rank, field: a, better: high, step: 1",
     ["5", "5", "3", "≥4"], ["10", "10", "8", "8"]),
]

# what is typed, the field's type, how it is read
CELLS = [("60余", "count", ">=60"), ("近60", "count", "<=60"), ("≥3", "count", ">=3"),
         ("50余次", "count", ">=50"), ("约60", "count", "missing"), ("近千余", "count", "missing"),
         ("X次", "count", "missing"), ("计划", "yesno", "missing"), ("无", "count", "0"),
         ("不适用（无网站）", "count", "na"), ("１，２００", "count", "1200"),
         ("1.2万", "count", "12000"), ("67.57%", "percent", "67.57"),
         ("0.123456785", "number", "0.12345679"), ("-3.5", "number", "-3.5"),
         ("√", "yesno", "True"), ("×", "yesno", "False")]

# a condition, the cells it reads, what it says
CONDITIONS = [("a > 2 and b or c", {"a": "3", "b": "0", "c": "1"}, True),
              ("(a > 2 or b) and c", {"a": "9", "b": "", "c": "0"}, False),
              ("not c", {"c": ""}, None), ("a > 2 or c", {"a": "", "c": "1"}, True),
              ("a >= 60", {"a": "60余"}, True), ("a > 60", {"a": "60余"}, None),
              ("a < 60", {"a": "60余"}, False), ("a ~= 5", {"a": "≥6"}, True)]

ROUNDING = [("2.675", "2.68"), ("-2.675", "-2.68"), ("97.777777777", "97.78"), ("0.157", "0.16")]


def _rubric(points, items, fields, extra="", total=None):
    typed = ", ".join(f"{name}: {{type: {kind}, unit: 次}}" for name, kind in fields.items())
    return yaml.load(f"kaoping: 1\ntotal: {total or points}\nround: {{item: exact, total: 2}}\n"
                     f"not_applicable: rescale\n{extra}\nfields: {{{typed}}}\n"
                     f"sections: [{{id: s, points: {total or points}, items: [{items}]}}]\n",
                     Loader=yaml.BaseLoader)


def _units(rubric, rows):
    units = []
    for at, row in enumerate(rows):
        unit = Unit(f"u{at:02}")
        cells = [row] if isinstance(row, str) else row
        unit.values = {name: read_cell(text, rubric["fields"][name])
                       for name, text in zip(rubric["fields"], list(cells) + [""] * 9)}
        units.append(unit)
    return units


def _points(points, keys, fields, rows):
    rubric = _rubric(points, f"{{id: i, points: {points}, {keys}}}", fields)
    scored = {unit["id"]: unit for unit in result(rubric, _units(rubric, rows))["units"]}
    return [scored[name]["items"][0]["points"] for name in sorted(scored)]


def _check(failures, what, found, expected):
    if found != expected:
        failures.append(f"{what}: {found}, expected {expected}")


def _totals():
    """(what, found, expected) for rules above the item."""
    keys = "method: judged, as: points, missing: zero"
    of = lambda name, points: f"{{id: {name}, points: {points}, field: f{name}, {keys}}}"
    fields = {"fa": "number", "fb": "number"}
    run = lambda rubric, *cells: result(rubric, _units(rubric, [cells]))["units"][0]
    left = _rubric("100", of("a", 90) + ", " + of("b", 10), fields)
    yield "R35 88 of 90", run(left, "88", "不适用(无此项)")["total"], "97.78"
    yield "R35 due", run(left, "88", "不适用(无此项)")["due"], "90"
    yield "nothing applies", run(left, "不适用", "不适用")["state"], "not_applicable"
    half = run(left, "80", "")
    yield "bounds", [half["low"], half["high"], half["reported"]], ["80.00", "90.00", "90.00%"]
    thirds = _rubric("82", of("a", 61.5) + ", " + of("b", 20.5), fields)
    yield "R35 61.5 x 4/3", run(thirds, "61.5", "不适用")["total"], "82.00"
    even = _rubric("100", of("a", 90) + ", " + of("b", 10), fields, "", None)
    even["not_applicable"] = "even"
    yield "even", run(even, "45", "不适用")["total"], "50.00"
    bonus = _rubric("100", of("a", 100), fields)
    bonus["bonus"] = yaml.load(f"{{cap: 0.64, items: [{of('b', 5)}]}}", Loader=yaml.BaseLoader)
    yield "bonus cap", run(bonus, "81.22", "3")["exact"], "81.86000000"
    scaled = _rubric("100", of("a", 100) + ", " + of("b", "0.64"), fields)
    scaled["sections"][0]["scale"] = "true"
    yield "81.86 of 100.64", run(scaled, "81.22", "0.64")["total"], "81.34"
    scaled["gates"] = yaml.load("[{id: g, when: points.total > 60, effect: {cap: 59.5}}]",
                                Loader=yaml.BaseLoader)
    scaled["round"]["total"] = "0"
    yield "R50 cap", run(scaled, "81.22", "0.64")["total"], "59.5"


def main():
    failures = []
    for what, points, keys, fields, cases in ITEMS:
        found = _points(points, keys, fields, [row for row, _ in cases])
        _check(failures, what, found, [expected for _, expected in cases])
    for what, points, keys, rows, expected in CLASS_ITEMS:
        _check(failures, what, _points(points, keys, {"a": "number"}, rows), expected)
    for text, kind, expected in CELLS:
        value = read_cell(text, {"type": kind, "unit": "次"})
        shown = value.state if value.state != "reported" else value.bound + (
            str(value.data) if kind == "yesno" else plain(value.data))
        _check(failures, f"cell {text}", shown, expected)
    for text, cells, expected in CONDITIONS:
        kind = lambda cell: "yesno" if cell in ("0", "1", "") else "count"
        values = {name: read_cell(cell, {"type": kind(cell)}) for name, cell in cells.items()}
        _check(failures, text, holds(parse(text), values.get), expected)
    for text, expected in ROUNDING:
        _check(failures, f"round {text}", plain(rounded(number(text), 2), 2), expected)
    for what, found, expected in _totals():
        _check(failures, what, found, expected)
    print("\n".join(failures) or "selftest: all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
