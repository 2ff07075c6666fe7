#!/usr/bin/env python3
"""`kaoping compare` held against an independent computation, and asked about single changes.

    tests/compare.py [--program build/kaoping] [--seeds 1-120]

    random    two years of a random rubric, the second changed at random: the three parts of every
              unit's and class's change add up to the last place, and are what tests/oracle makes of
              the definition in engine/analyse/compare.h
    single    one tier, weight, parameter, id is changed: the comparison says exactly that
    large     three years of 1,000 units under a rubric that changes each year; units merge, split, come,
              go, get another id or another class: what is comparable is told here and not asked of the
              program, and each part for each unit and class is recomputed
    results   the same two years as JSON results: under one rubric the changes of every unit, section
              and item are those of the comparison with rubrics; under two nothing is subtracted
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "oracle")]

from exact import RubricError  # noqa: E402
from generate import Rubric, to_yaml  # noqa: E402
from inputs import read_previous, read_units  # noqa: E402
from methods import Outcome  # noqa: E402
from recompute import Engine  # noqa: E402
from scoring import Finding, Scorer  # noqa: E402
from sheet import load_yaml  # noqa: E402
from waivers import read_waivers, split  # noqa: E402

SEEDS, LEAST_UNITS, LEAST_RESULTS, LEAST_LARGE = "1-120", 200, 120, 1700


# ---- the independent computation ----


class Replay(Scorer):
    """What a unit's sheet makes of given results of its items and given gates."""

    def __init__(self, standing, given, fired):
        scorer = standing.scorer
        super().__init__(scorer.engine, scorer.sheet, scorer.unit, {})
        self.given, self.fired = given, set(fired)

    def _decide(self, gates):
        pass

    def _item(self, item, view):
        state, points = self.given[item.id]
        outcome = None if points is None else Outcome(points, points)
        self.findings[item.id] = Finding(item, state, outcome)
        self.basis[item.id] = self.findings[item.id].basis()
        self.points[item.id] = points
        return points


def results(standing):
    scorer = standing.scorer
    return {name: (found.state, scorer.points[name]) for name, found in scorer.findings.items()}


def parts(old, new, pairs, same_class, changed_gates):
    """(change, did, rubric, not comparable); pairs: {new id: old id} of what is comparable."""
    then, now = results(old), results(new)
    back = {was: name for name, was in pairs.items()}
    nothing = ("scored", Fraction(0))
    gates_then, gates_now = set(old.scorer.fired), set(new.scorer.fired)
    fired = gates_then
    if same_class:
        fired = {g for g in gates_then if g in changed_gates} | {g for g in gates_now if g not in changed_gates}
    known = {gate["id"] for gate in old.scorer.sheet.gates}

    def play(standing, given, gates):
        return Replay(standing, given, gates).run().total

    done = play(old, {i: now[back[i]] if i in back else then[i] for i in then}, fired & known)
    bare_old = play(old, {i: now[back[i]] if i in back else nothing for i in then}, fired & known)
    bare_new = play(new, {i: now[i] if i in pairs else nothing for i in now}, gates_now)
    first, last = old.scorer.total, new.scorer.total
    return last - first, done - first, bare_new - bare_old, (last - bare_new) - (done - bare_old)


# ---- a second year ----


def all_items(raw):
    for node in [raw, *(raw[k] for k in ("bonus", "deductions") if k in raw)]:
        yield from node.get("items", [])
        for section in node.get("sections", []):
            yield from all_items(section)


def change(year, rng):
    """Changes the rubric; what must come out: (ids not comparable, {new: old} renamed, new, gates)."""
    raw, changed, renamed, new, gates = year.raw, set(), {}, set(), set()
    raw["id"], raw["title"] = "r2", "第二年"
    text = to_yaml(raw)
    items = list(all_items(raw))
    for item in items:
        dice = rng.random()
        free = item["id"] not in year.evidence and text.count(item["id"]) == 1
        if dice < 0.1:
            item["clause"] = "改了条文"
            changed.add(item["id"])
        elif dice < 0.2:
            item["title"] = item["title"] + "(改)"
        elif dice < 0.3 and free:
            was, item["id"] = item["id"], "n" + item["id"]
            if rng.random() < 0.6:
                item["replaces"] = [was]
                renamed[item["id"]] = was
            else:
                new.add(item["id"])
        elif dice < 0.6 and "weight" in item and not isinstance(item["weight"], dict):
            item["weight"] = str(rng.randint(1, 5))
    if rng.random() < 0.3:
        raw["round"] = "exact" if raw["round"] == "exact" else {**raw["round"], "total": str(rng.randint(0, 3))}
    for section in ("bonus", "deductions"):
        if section in raw and rng.random() < 0.5 and raw[section].get("cap") != "none":
            raw[section]["cap"] = rng.choice(["1.5", "3", "7.25"])
    for gate in raw.get("gates", []):
        if "cap" in gate["effect"] and rng.random() < 0.5:
            gate["effect"]["cap"] = str(rng.randint(1, 12))
            gates.add(gate["id"])
    return changed, renamed, new, gates


def options(side, paths):
    data, waivers = split(paths[1:])
    previous = [p for p in data if Path(p).name.startswith("previous")]
    found = []
    for name, files in (("data", [p for p in data if p not in previous]), ("previous", previous), ("waivers", waivers)):
        for path in files:
            found += [f"--{side}-{name}", path]
    return found


def run(program, arguments):
    done = subprocess.run([program, "compare", *arguments, "--format", "json", "--quiet", "--lang", "en"], capture_output=True,
                          timeout=120, check=False)
    if done.returncode:
        raise SystemExit(f"compare: exit {done.returncode}: {' '.join(arguments)}\n{done.stderr.decode()}")
    return json.loads(done.stdout)


def standings(paths):
    rubric = load_yaml(paths[0])
    data, waivers = split(paths[1:])
    previous = [p for p in data if Path(p).name.startswith("previous")]
    units = read_units([p for p in data if p not in previous], rubric)
    read_previous(previous, rubric, units)
    return {s.scorer.unit.id: s for s in Engine(rubric, units, read_waivers(waivers, rubric)).score()}


def exact(text):
    return None if text is None else Fraction(Decimal(text))


def check_unit(unit, old, new, what, faults):
    pairs = {i["id"]: i["was"] for i in unit["items"] if i["state"] == "comparable"}
    changed, renamed, fresh, gates = what
    same_class = not unit["class_changed"]
    for item in unit["items"]:
        if item["id"] in changed | fresh and item["state"] == "comparable":
            faults.append(f"{unit['id']}: item {item['id']} is comparable")
        if item["id"] in renamed and item["state"] == "comparable" and item["was"] != renamed[item["id"]]:
            faults.append(f"{unit['id']}: item {item['id']} was {item['was']}")
    ours = [exact(unit[key]) for key in ("change", "did", "rubric", "not_comparable")]
    if ours[0] is None:
        return 0
    if ours[0] != sum(ours[1:]):
        faults.append(f"{unit['id']}: the parts {ours[1:]} are not {ours[0]}")
    theirs = parts(old, new, pairs, same_class, gates)
    if list(theirs) != ours:
        faults.append(f"{unit['id']}: {[str(x) for x in ours]}, recomputed {[str(x) for x in theirs]}")
    return 1


def check_classes(result, faults):
    for group in result["classes"]:
        units = [u for u in result["units"] if u["now"] and u["now"]["class"] == group["class"]
                 and u["change"] is not None and not u["class_changed"]]
        if group["units_compared"] != len(units):
            faults.append(f"class {group['class']}: {group['units_compared']} units, not {len(units)}")
        for key in ("change", "did", "rubric", "not_comparable"):
            if exact(group[key]) != sum(exact(u[key]) for u in units):
                faults.append(f"class {group['class']}: {key} is not the sum of its units")
        if exact(group["change"]) != sum(exact(group[k]) for k in ("did", "rubric", "not_comparable")):
            faults.append(f"class {group['class']}: the parts do not add up")
        best = max((exact(u["did"]) for u in units), default=0)
        named = {u["id"] for u in units if exact(u["did"]) == best and best > 0}
        if not named <= set(group["most_improved"]):
            faults.append(f"class {group['class']}: {named} improved most")


def as_result(program, paths, out):
    """The side's result as a file."""
    data, waivers = split(paths[1:])
    arguments = [word for path in waivers for word in ("--waivers", path)]
    for path in data:
        arguments += ["--previous", path] if Path(path).name.startswith("previous") else [path]
    done = subprocess.run([program, "score", paths[0], *arguments, "-o", out, "--quiet"], capture_output=True, timeout=120,
                          check=False)
    if done.returncode:
        raise SystemExit(f"score: exit {done.returncode}: {done.stderr.decode()}")
    return out


def differences(units):
    """{unit: {what: change}} of a comparison of either kind, for units on the sheet that they were on."""
    found = {}
    for unit in units:
        if unit["fate"] == "same" and not unit["class_changed"]:
            parts = [*unit["sections"], *unit["items"]]
            found[unit["id"]] = {part["id"]: exact(part["change"]) for part in parts if exact(part["change"])}
            found[unit["id"]]["total"] = exact(unit["change"])
    return found


def check_results(program, seed, folder, old, new, faults):
    """old and new: years of two rubrics; a third year is scored by the old one."""
    then, now = (as_result(program, side, f"{folder}/{name}.json") for side, name in ((old, "then"), (new, "now")))
    changed = len({json.loads(Path(path).read_text())["rubric"]["digest"] for path in (then, now)}) == 2
    if changed and any(any(parts.values()) for parts in differences(run(program, [then, now])["units"]).values()):
        faults.append("results: something is subtracted between two rubrics")
    again = Rubric(seed)
    again.rng = random.Random(seed * 104729)
    other = again.write(f"{folder}/other")
    if Path(other[0]).read_bytes() != Path(old[0]).read_bytes():
        return 0  # it names its columns by chance
    by_results = differences(run(program, [then, as_result(program, other, f"{folder}/other.json")])["units"])
    by_rubrics = differences(run(program, [old[0], other[0], *options("old", old), *options("new", other)])["units"])
    for unit in by_rubrics:
        if by_results.get(unit) != by_rubrics[unit]:
            faults.append(f"results: {unit}: {by_results.get(unit)}, by rubrics {by_rubrics[unit]}")
    return sum(any(parts.values()) for parts in by_results.values())


def one_seed(program, seed, folder, faults):
    rng = random.Random(seed * 7919)
    first, second = Rubric(seed), Rubric(seed)
    second.rng = rng
    what = change(second, rng)
    old, new = first.write(f"{folder}/old"), second.write(f"{folder}/new")
    new = [path for path in new if "waivers" not in Path(path).name]  # they go by ids that were changed
    try:
        then, now = standings(old), standings(new)
    except RubricError:
        return 0, 0
    result = run(program, [old[0], new[0], *options("old", old), *options("new", new)])
    found, n = [], 0
    for unit in result["units"]:
        if unit["fate"] == "same":
            n += check_unit(unit, then[unit["id"]], now[unit["id"]], what, found)
    check_classes(result, found)
    same = run(program, [old[0], old[0], *options("old", old), *options("new", old)])
    for unit in same["units"]:
        if any(exact(unit[k]) for k in ("change", "did", "rubric", "not_comparable")):
            found.append(f"{unit['id']}: against itself something changed")
    by_results = check_results(program, seed, folder, old, new, found)
    faults += [f"seed {seed}: {fault}" for fault in found]
    return n, by_results


# ---- single changes ----

RUBRIC = """kaoping: 1
id: y{year}
title: 单项改动
period: {year}
total: 30
round: {{item: 2, total: 2}}
fields:
  a: {{type: count, label: 甲}}
  b: {{type: number, label: 乙}}
  c: {{type: yesno, label: 丙}}
sections:
  - id: one
    title: 一
    points: 20
    combine: mean
    items:
      - {{id: {first}, title: 甲项, points: 10, weight: {weight}, method: short, field: a, need: {need}, lose: 1{replaces}}}
      - {{id: second, title: 乙项, points: 10, method: tiers, field: b, tiers: [{{from: 9, points: 10}}, {{from: {tier}, points: 5}}]}}
  - id: two
    title: 二
    points: 10
    items:
      - {{id: third, title: 丙项, points: 10, method: yesno, field: c}}
"""
PLAIN = {"first": "first", "weight": 1, "need": 10, "tier": 5, "replaces": ""}
SINGLE = [
    # what is changed, the items that are not comparable with their keys, new ids, gone ids, rubric's part
    ({}, {}, [], [], False),
    ({"tier": 6}, {"second": ["tiers"]}, [], [], False),
    ({"weight": 3}, {}, [], [], True),
    ({"need": 12}, {"first": ["need"]}, [], [], False),
    ({"first": "prime"}, {}, ["prime"], ["first"], False),
    ({"first": "prime", "replaces": ", replaces: [first]"}, {}, [], [], False),
]


def check_single(program, folder, faults):
    folder = Path(folder)
    folder.mkdir()
    (folder / "old.csv").write_text("id,name,a,b,c\nu1,甲,6,9,是\nu2,乙,10,5,否\n", encoding="utf-8")
    (folder / "new.csv").write_text("id,name,a,b,c\nu1,甲,8,9,是\nu2,乙,9,7,是\n", encoding="utf-8")
    old = folder / "old.yaml"
    old.write_text(RUBRIC.format(year=2024, **PLAIN), encoding="utf-8")
    for given, hindered, fresh, gone, by_rubric in SINGLE:
        new = folder / "new.yaml"
        new.write_text(RUBRIC.format(year=2025, **{**PLAIN, **given}), encoding="utf-8")
        result = run(program, [str(old), str(new), "--old-data", str(folder / "old.csv"),
                               "--new-data", str(folder / "new.csv")])
        items = result["items"]
        said = {i["id"]: i["reasons"] for i in items if i["id"] and i["was"] and not i["comparable"]}
        found = ({name: sorted({r["key"].split(".")[0].split("[")[0] for r in reasons}) for name, reasons in said.items()},
                 [i["id"] for i in items if i["id"] and not i["was"]], [i["was"] for i in items if not i["id"]])
        if found != (hindered, fresh, gone):
            faults.append(f"single {given}: {found}")
        if any(exact(u["rubric"]) != 0 for u in result["units"]) != by_rubric:
            faults.append(f"single {given}: the rubric's part is {[u['rubric'] for u in result['units']]}")
        if not (hindered or fresh) and any(exact(u["not_comparable"]) for u in result["units"]):
            faults.append(f"single {given}: something is not comparable")
    return len(SINGLE)


# ---- three years of 1,000 units ----

LARGE_UNITS = 1000
CLASSES = ["township", "street", "bureau"]
LARGE = """kaoping: 1
id: large
title: 三年
period: {year}
total: 100
round: {{item: 2, total: {places}}}
classes: [township, street, bureau]
not_applicable: rescale
fields:
  sessions: {{type: count, label: 学习次数}}
  drills: {{type: percent, label: 演练覆盖率}}
  plan: {{type: yesno, label: 计划}}
  answered: {{type: percent, label: 办结率}}
  bulletins: {{type: count, label: 通报次数}}
  hotline: {{type: percent, label: 接听率}}
  reports: {{type: count, label: 报告数}}
  rectified: {{type: percent, label: 整改率}}
  praised: {{type: count, label: 表扬次数}}
  false_report: {{type: yesno, label: 弄虚作假}}
  late: {{type: count, label: 迟报次数}}
sections:
  - id: study
    title: 学习
    points: 40
    items:
      - {{id: sessions, points: 15, method: short, field: sessions, need: {{township: 12, street: {street}, bureau: 6}}, lose: 1.25}}
      - {{id: drills, points: 15, method: ratio, field: drills, target: 95%}}
      - {{id: {plan}, {replaces}points: 10, method: yesno, field: plan}}
  - id: letters
    title: 来信
    points: 30
    combine: mean
    items:
      - {{id: answered, points: 10, weight: {weight}, method: ratio, field: answered, target: 97%}}
      - {{id: {second}, points: 10, method: {second_rule}}}
  - id: work
    title: 工作
    factor: 50%
    points: 30
    items:
      - {{id: reports, points: 30, method: tiers, field: reports, tiers: [{{from: 11, points: 30}}, {{from: 7, points: 17.5}}, {{from: 3, points: 8}}]}}
      - {{id: rectified, points: 30, method: gap, field: rectified, target: 96%, lose: {lose} per 1%, partial_step: exact}}
bonus:
  cap: {cap}
  items:
    - {{id: praised, points: 6, method: each, field: praised, earn: 0.75}}
gates:
  - {{id: false_report, title: 弄虚作假, when: false_report, effect: {{cap: {veto}}}}}
  - {{id: late, title: 迟报, when: late > 3, effect: {{cap: 79.5}}}}
grades: [{{name: 优秀, from: 90, quota: {{share: 15%, per: class, round: down, at_cut: all_out}}}}, {{name: 合格, from: 60}}, {{name: 不合格}}]
ranking: {{within: class, ties: shared, break: [points.study]}}
"""
BULLETINS = {"second": "bulletins", "second_rule": "each, field: bulletins, earn: 2.5"}
HOTLINE = {"second": "hotline", "second_rule": "ratio, field: hotline, target: 90%"}
LARGE_YEARS = [
    {"year": 2023, "places": 2, "street": 10, "plan": "plan", "replaces": "", "weight": 2, "lose": 0.75, "cap": 4,
     "veto": 59, **BULLETINS},
    {"year": 2024, "places": 2, "street": 12, "plan": "plan", "replaces": "", "weight": 3, "lose": 0.75, "cap": 4,
     "veto": 59, **HOTLINE},
    {"year": 2025, "places": 1, "street": 12, "plan": "yearly_plan", "replaces": "replaces: [plan], ", "weight": 3,
     "lose": 1.1, "cap": 6, "veto": 50, **HOTLINE},
]
# Between two of the years: items of the later one that are comparable, for each class; changed gates.
ALWAYS = {"drills": "drills", "answered": "answered", "reports": "reports", "praised": "praised"}


def large_pairs(old, new, name):
    pairs = dict(ALWAYS)
    if not (old == 0 and name == "street"):
        pairs["sessions"] = "sessions"
    if new == 2:
        pairs["yearly_plan"] = "plan"
    else:
        pairs.update(plan="plan", rectified="rectified")
    if old == 1:
        pairs["hotline"] = "hotline"
    return pairs, {"false_report"} if new == 2 else set()


def large_cells(rng):
    cells = [rng.randint(0, 14), f"{rng.uniform(60, 100):.2f}", rng.choice("是是否"), f"{rng.uniform(70, 100):.1f}",
             rng.randint(0, 5), f"{rng.uniform(50, 100):.2f}", rng.randint(0, 14), f"{rng.uniform(80, 100):.2f}",
             rng.randint(0, 9), "是" if rng.random() < 0.05 else "否", rng.choice([0, 0, 1, 2, 4, 5])]
    dice = rng.random()
    if dice < 0.1:
        cells[rng.randrange(len(cells) - 2)] = ""
    elif dice < 0.15:
        cells[1] = "不适用(无场所)"
    return ",".join(map(str, cells))


def next_year(units, rng, year):
    """({id: class}, the map's changes, {id: fate}) of the year after."""
    left, after, changes, fates = sorted(units), {}, [], {}
    rng.shuffle(left)

    def take(n):
        return [left.pop() for _ in range(n)]

    for i in range(20):
        old, new = take(rng.randint(2, 4)), f"m{year}_{i}"
        after[new] = units[old[0]]
        changes.append((old, [new]))
        fates[new] = "merged"
    for i in range(20):
        (old,) = take(1)
        new = [old if i % 2 else f"s{year}_{i}", *(f"s{year}_{i}{part}" for part in "ab")]
        after.update(dict.fromkeys(new, units[old]))
        changes.append(([old], new))
        fates.update(dict.fromkeys(new, "split"))
    for i in range(15):
        (old,) = take(1)
        after[f"r{year}_{i}"] = units[old]
        changes.append(([old], [f"r{year}_{i}"]))
        fates[f"r{year}_{i}"] = "renamed"
    for i in range(15):
        after[f"n{year}_{i}"] = rng.choice(CLASSES)
        fates[f"n{year}_{i}"] = "new"
    fates.update(dict.fromkeys(take(12), "gone"))
    for place, unit in enumerate(left):
        after[unit] = CLASSES[(CLASSES.index(units[unit]) + 1) % 3] if place < 30 else units[unit]
        fates[unit] = "same"
    return after, changes, fates


def write_year(folder, number, units, rng):
    rubric, data = folder / f"rubric{number}.yaml", folder / f"units{number}.csv"
    rubric.write_text(LARGE.format(**LARGE_YEARS[number]), encoding="utf-8")
    heading = "id,class,sessions,drills,plan,answered,bulletins,hotline,reports,rectified,praised,false_report,late"
    rows = [f"{unit},{units[unit]},{large_cells(rng)}" for unit in sorted(units)]
    data.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return [str(rubric), str(data)]


def check_large_unit(unit, sides, fate, number, faults):
    """The unit against its own recomputation. Returns whether anything was subtracted."""
    then, now = sides
    if unit["fate"] != fate:
        faults.append(f"{unit['id']} is {unit['fate']}, not {fate}")
        return False
    if unit["fate"] not in ("same", "renamed"):
        if any(unit[key] is not None for key in ("change", "did", "rubric", "not_comparable")):
            faults.append(f"{unit['id']} is {unit['fate']}, and something is subtracted")
        return False
    before, after = then[unit["then"][0]["id"]], now[unit["id"]]
    for standing, told in ((before, unit["then"][0]), (after, unit["now"])):
        if standing.scorer.total != exact(told["total"]) or standing.rank != told["rank"]:
            faults.append(f"{unit['id']}: {told}, recomputed {standing.scorer.total}, rank {standing.rank}")
    same_class = before.unit_class == after.unit_class
    if unit["class_changed"] == same_class:
        faults.append(f"{unit['id']}: class changed: {unit['class_changed']}")
    pairs, gates = large_pairs(number, number + 1, after.unit_class) if same_class else ({}, set())
    if {i["id"]: i["was"] for i in unit["items"] if i["state"] == "comparable"} != pairs:
        faults.append(f"{unit['id']}: what is comparable: {unit['items']}")
    ours = [exact(unit[key]) for key in ("change", "did", "rubric", "not_comparable")]
    theirs = parts(before, after, pairs, same_class, gates)
    if ours != list(theirs) or ours[0] != sum(ours[1:]):
        faults.append(f"{unit['id']}: {[str(x) for x in ours]}, recomputed {[str(x) for x in theirs]}")
    return True


def check_large(program, folder, faults):
    rng, folder = random.Random(2023), Path(folder)
    folder.mkdir()
    units = {f"u{i}": CLASSES[i % 3] for i in range(LARGE_UNITS)}
    files, subtracted, maps = [write_year(folder, 0, units, rng)], 0, []
    for number in (1, 2):
        units, changes, fates = next_year(units, rng, number)
        files.append(write_year(folder, number, units, rng))
        path = folder / f"map{number}.json"
        path.write_text(json.dumps({"units": [{"old": old, "new": new} for old, new in changes]}), encoding="utf-8")
        maps.append((str(path), fates))
    years = [standings(paths) for paths in files]
    for number, (path, fates) in enumerate(maps):
        old, new = files[number], files[number + 1]
        result = run(program, [old[0], new[0], "--old-data", old[1], "--new-data", new[1], "--units", path])
        found = []
        for unit in result["units"]:
            subtracted += check_large_unit(unit, years[number:number + 2], fates.get(unit["id"]), number, found)
        if {unit["id"] for unit in result["units"]} != set(fates):
            found.append("units are missing, or there are too many")
        check_classes(result, found)
        faults += [f"large, {LARGE_YEARS[number]['year']}: {fault}" for fault in found]
    return subtracted


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"))
    parser.add_argument("--seeds", default=SEEDS)
    args = parser.parse_args()
    program = str(Path(args.program).resolve())
    first, _, last = args.seeds.partition("-")
    folder, faults, n = tempfile.mkdtemp(prefix="kaoping-compare-"), [], 0
    by_results = 0
    single = check_single(program, f"{folder}/single", faults)
    large = check_large(program, f"{folder}/large", faults)
    for seed in range(int(first), int(last or first) + 1):
        units, results = one_seed(program, seed, f"{folder}/{seed}", faults)
        n, by_results = n + units, by_results + results
    if args.seeds == SEEDS and (n < LEAST_UNITS or by_results < LEAST_RESULTS):
        faults.append(f"only {n} units were compared, {by_results} by results")
    if large < LEAST_LARGE:
        faults.append(f"of 1,000 units only {large} changes were recomputed in three years")
    for fault in faults[:20]:
        print(fault)
    print(f"compare: {n} units, {by_results} by results, {large} of three years of 1,000, {single} single changes, "
          f"{len(faults)} faults")
    if faults:
        print(f"files: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
