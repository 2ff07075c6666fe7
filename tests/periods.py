#!/usr/bin/env python3
"""Years that are made of quarters, held against an independent computation.

    tests/periods.py [--program build/kaoping] [--seeds 1-80]

For each seed two random sheets, a random year's rubric and random units with quarters missing are
written, scored by kaoping and recomputed by tests/oracle: each quarter's totals by its own sheet, then
the year's items, sections, totals, bounds, ranks and grades from those. The same data are given
as a file for each quarter, as one CSV with a column for the period, and as YAML: nothing may differ.
Where a missing quarter is an error, exactly the units without one are scored.
"""

import argparse
import csv
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "oracle"))

import yaml  # noqa: E402

from compare import differences  # noqa: E402
from exact import rounded  # noqa: E402
from inputs import read_units  # noqa: E402
from recompute import Engine, result  # noqa: E402
from sheet import load_yaml  # noqa: E402
from waivers import Waivers  # noqa: E402

SEEDS, LEAST = "1-80", {"units": 500, "missing": 200, "zero": 100, "unscored": 100, "error": 30, "excused": 40}
QUARTERS = ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]
CLASSES = ["镇", "街道"]

SHEET = """kaoping: 1
id: {name}
total: {total}
round: {{item: {item}, total: {places}}}
missing: {missing}
not_applicable: rescale
fields:
  {name}_n: {{type: count, label: 次数{name}}}
  {name}_m: {{type: number, label: 分数{name}}}
  {name}_e: {{type: count, label: 加分{name}}}
  {name}_v: {{type: yesno, label: 否决{name}}}
items:
  - {{id: n, points: {n}, method: short, field: {name}_n, need: 7, lose: {lose}}}
  - {{id: m, points: {m}, method: linear, field: {name}_m, from: 0, to: 30}}
bonus:
  cap: {cap}
  items: [{{id: e, points: 4, method: each, field: {name}_e, earn: 0.7}}]
gates:
  - {{id: v, when: {name}_v, effect: {{cap: {gate}}}}}
"""

YEAR = """kaoping: 1
id: year
title: 全年
period: 2024
total: {total}
round: {{item: {item}, section: {section}, total: {places}}}
not_applicable: rescale
periods: {{{periods}}}
fields:
  closing: {{type: number, label: 年终分}}
  founded_late: {{type: yesno, label: 下半年设立}}
sections:
  - id: quarters
    title: 平时
    points: {quarters}
    missing: {missing}
    combine: {combine}
    items:
{items}
  - id: whole
    title: 年终
    points: {whole}
    items:
      - {{id: year_end, points: {whole}, method: linear, field: closing, from: 0, to: 100, missing: zero}}
gates:
  - {{id: weak, when: points.quarters < {weak}, effect: {{at_best: 合格}}}}
grades:
  - {{name: 优秀, from: {good}, quota: {{share: 40%, per: class, round: down, at_cut: {cut}}}}}
  - {{name: 合格, from: {fair}}}
  - {{name: 不合格}}
ranking: {{within: {within}, ties: {ties}, break: [points.whole], vetoed: {vetoed}}}
"""


def made_sheet(rng, name):
    n, m = rng.choice([(40, 60), (30, 50), (7, 13)])
    return SHEET.format(name=name, n=n, m=m, total=n + m, lose=rng.choice(["1", "0.3", "4.7"]), cap=rng.choice(["none", "2"]),
                        item=rng.choice(["0", "1", "2", "exact"]), places=rng.choice(["0", "1", "2", "exact"]),
                        gate=rng.choice(["5", "11.5"]), missing=rng.choice(["zero", "unscored"]))


def made_year(rng, sheets):
    combine, quarters = rng.choice([("sum", 50), ("sum", 60), ("mean", 40)])
    lines = []
    for i, quarter in enumerate(QUARTERS):
        size = f"weight: {rng.choice([1, 1, 2, 3])}" if combine == "mean" else f"points: {quarters / 4}"
        when = ", when: not founded_late" if i < 2 else ""
        cap = ", cap: none" if rng.random() < 0.3 else ""
        lines.append(f"      - {{id: q{i + 1}, {size}, method: period, period: {quarter}{when}{cap}}}")
    return YEAR.format(
        periods=", ".join(f"{q}: {s}.yaml" for q, s in zip(QUARTERS, sheets)), items="\n".join(lines), combine=combine,
        total=100, quarters=quarters, whole=100 - quarters, missing=rng.choice(["zero", "unscored", "error"]),
        item=rng.choice(["0", "2", "4", "exact"]), section=rng.choice(["1", "2", "exact"]), places=rng.choice(["0", "1", "2"]),
        weak=quarters // 3, good=rng.randint(60, 80), fair=rng.randint(30, 55), cut=rng.choice(["all_in", "all_out"]),
        within=rng.choice(["class", "all"]), ties=rng.choice(["shared", "dense"]),
        vetoed=rng.choice(["last", "by_points", "unranked"]))


def made_rows(rng, sheets):
    """{period: [row]}; a row is {column: text}."""
    rows = {period: [] for period in [*QUARTERS, "2024"]}
    for i in range(rng.randint(6, 12)):
        who = {"id": f"u{i}", "name": f"单位{i}", "class": rng.choice(CLASSES)}
        late = rng.random() < 0.15
        for period, sheet in zip(QUARTERS, sheets):
            if rng.random() > (0.2 if not late or period >= "2024Q3" else 0.9):
                rows[period].append({
                    **who, f"{sheet}_n": "" if rng.random() < 0.2 else str(rng.randint(0, 9)), f"{sheet}_e": rng.choice(["", "0", "1", "3"]),
                    f"{sheet}_m": rng.choice(["不适用", "", *[str(rng.randint(0, 120) / 4)] * 8]),
                    f"{sheet}_v": rng.choice(["否"] * 9 + ["是"])})
        if rng.random() < 0.1 and any(row["id"] == who["id"] for quarter in QUARTERS for row in rows[quarter]):
            continue  # a unit that only its quarters know
        rows["2024"].append({**who, "closing": str(rng.randint(0, 400) / 4), "founded_late": "是" if late else "否"})
    return rows


def write_csv(path, rows):
    columns = list(dict.fromkeys(key for row in rows for key in row)) or ["id", "name", "class"]
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def ways_to_give(folder, rng, rows):
    """The same data in three ways, as arguments behind the rubric."""
    files = []
    for quarter in QUARTERS:
        if rows[quarter]:
            files += ["--period", f"{quarter}=" + write_csv(folder / f"{quarter}.csv", rows[quarter])]
    dated = [{**row, "期间": period} for period in rows for row in rows[period]]
    rng.shuffle(dated)
    units = [{"id": row["id"], "name": row["name"], "class": row["class"], "period": row["期间"],
              "values": {k: v for k, v in row.items() if k not in ("id", "name", "class", "期间")}} for row in dated]
    whole = folder / "all.yaml"
    whole.write_text(yaml.safe_dump({"units": units}, allow_unicode=True), encoding="utf-8")
    return [[write_csv(folder / "year.csv", rows["2024"]), *files], [write_csv(folder / "all.csv", dated)], [str(whole)]]


def run(program, arguments, expected):
    done = subprocess.run([program, "score", *arguments, "--format", "json", "--quiet", "--keep-going"], capture_output=True,
                          timeout=120, check=False)
    if done.returncode != expected:
        raise SystemExit(f"score: exit {done.returncode}, not {expected}: {' '.join(arguments)}\n{done.stderr.decode()}")
    found = json.loads(done.stdout)
    for unit in found["units"]:
        unit.setdefault("without_waivers", None)
        if unit["state"] == "error":
            unit.pop("why_unranked")  # it names the file
        for item in unit["items"]:
            item["waiver_expired"] = False
    return {"units": found["units"], "waivers": found.get("waivers", [])}


def total_of(scored):
    basis = scored.total_basis()
    told = rounded(100 * basis.reported / basis.due, 2) / 100 if basis.due else 1  # as the sheet shows it
    return (Fraction(scored.total), scored.sheet.total, *map(Fraction, scored.bounds()), told)


def totals_of(folder, sheets, rows):
    """{period: {unit: (total, of, low, high, share reported)}}, by the oracle."""
    found = {}
    for quarter, name in zip(QUARTERS, sheets):
        sheet = load_yaml(folder / f"{name}.yaml")
        units = read_units([str(folder / f"{quarter}.csv")], sheet) if rows[quarter] else []
        engine = Engine(sheet, units, Waivers([], sheet))
        found[quarter] = {u.id: total_of(engine.scored(u)) for u in units if engine.scored(u).total is not None}
    return found


def all_units(rows):
    """A row of the year for each, without values for those that only quarters know."""
    known = {row["id"]: {key: row[key] for key in ("id", "name", "class")} for quarter in QUARTERS for row in rows[quarter]}
    known.update({row["id"]: row for row in rows["2024"]})
    return list(known.values())


def lacks(row, totals):
    """Whether `missing: error` leaves it out: a quarter that applies, or may apply, has no total."""
    if "founded_late" not in row:
        return True
    late = row["founded_late"] == "是"
    return any(row["id"] not in totals[q] for q in (QUARTERS[2:] if late else QUARTERS))


def one_seed(program, seed, folder, faults):
    rng = random.Random(seed)
    folder.mkdir()
    sheets = rng.choice([["s", "s", "s", "s"], ["s", "s", "t", "t"]])
    for name in set(sheets):
        (folder / f"{name}.yaml").write_text(made_sheet(rng, name), encoding="utf-8")
    (folder / "year.yaml").write_text(made_year(rng, sheets), encoding="utf-8")
    rows = made_rows(rng, sheets)
    ways = ways_to_give(folder, rng, rows)
    totals, rubric = totals_of(folder, sheets, rows), load_yaml(folder / "year.yaml")
    rule = rubric["sections"][0]["missing"]
    left_out = {row["id"] for row in all_units(rows) if rule == "error" and lacks(row, totals)}
    ours = [run(program, [str(folder / "year.yaml"), *way], 1 if left_out else 0) for way in ways]
    whole = write_csv(folder / "all-units.csv", all_units(rows))
    units = [u for u in read_units([whole], rubric) if u.id not in left_out]
    theirs = result(rubric, units, None, totals)
    found = [f"the {name} differs from the files" for name, one in zip(("CSV", "YAML"), ours[1:]) if one != ours[0]]
    errors = {u["id"] for u in ours[0]["units"] if u["state"] == "error"}
    if errors != left_out:
        found.append(f"left out are {sorted(errors)}, not {sorted(left_out)}")
    scored = {**ours[0], "units": [u for u in ours[0]["units"] if u["state"] != "error"]}
    found += [" ".join(map(str, difference)) for difference in differences(scored, theirs)]
    faults += [f"seed {seed}: {fault}" for fault in found]
    states = Counter(i["state"] for u in scored["units"] for i in u["items"])
    return Counter({"units": len(units), "missing": states["missing"], rule: len(units), "excused": states["not_applicable"],
                    **({"error": len(left_out)} if rule == "error" else {})})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"))
    parser.add_argument("--seeds", default=SEEDS)
    args = parser.parse_args()
    first, _, last = args.seeds.partition("-")
    folder, faults, counts = Path(tempfile.mkdtemp(prefix="kaoping-periods-")), [], Counter()
    for seed in range(int(first), int(last or first) + 1):
        counts += one_seed(str(Path(args.program).resolve()), seed, folder / str(seed), faults)
    if args.seeds == SEEDS:
        faults += [f"only {counts[what]} {what}" for what, least in LEAST.items() if counts[what] < least]
    for fault in faults[:20]:
        print(fault)
    print(f"periods: {counts['units']} units, {counts['missing']} quarters missing, {counts['excused']} excused, "
          f"{counts['error']} units left out, {len(faults)} faults")
    if faults:
        print(f"files: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
