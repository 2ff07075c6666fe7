#!/usr/bin/env python3
"""Formulas that need no call of Lua give what they give with one.

    tests/props/formulas.py [--program build/kaoping] [--seeds 8]

Random sheets of formulas and conditions, each scored as it is and with every expression EXPR written
select(1, EXPR), which says the same and takes Lua: output, findings and exit status must be the same, with
cells that are empty, none, approximate, not applicable or beyond bounds, and with formulas that fail. So
in the usual way and, every fourth seed, in that for large files. Seeds that fail are printed.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from golden import ROOT, TIMEOUT, environment  # noqa: E402

FIELDS = {"n1": "number", "n2": "number", "n3": "number", "c1": "count", "c2": "count", "p1": "percent", "d1": "date",
          "y1": "yesno", "y2": "yesno", "w1": "{type: choice, options: [甲, 乙, 丙]}"}
ITEMS = 14
ODD = {"number": ["", "无", "≥3", "60余", "约60", "X", "不适用(无)", "-5", "92233720368", "0", "0.1", "-0.00000001"],
       "count": ["", "无", "≥3", "60余", "计划10次", "不适用(无)", "0", "100000"],
       "percent": ["", "无", "不适用", "0", "100%", "≥90%"], "date": ["", "无", "不适用(没有)", "2024-01-01"],
       "yesno": ["", "无", "不适用(没有)"], "choice": ["", "无", "不适用(没有)"]}


class Draw:
    """Expressions; `safe`: with a value whatever the cells are."""

    def __init__(self, rng, safe):
        self.rng, self.safe, self.before, self.item = rng, safe, [], True

    def number(self, depth):
        rng = self.rng
        if depth == 0 or rng.random() < 0.2:
            pool = ["n1", "n2", "n3", "c1", "c2", "p1", "full", "class.max.n1", "class.mean.c1", "d1", *self.before]
            if self.safe:
                pool = ["n1", "n2", "n3", "c1", "p1", "full", "class.max.n1"]
            pool = pool if self.item else [name for name in pool if name != "full"]
            literals = ["0", "1", "2", "10", "0.5", "0.1", "60", "100", "1e3", "3.25", "12"]
            return rng.choice(pool if rng.random() < 0.65 else literals)
        what = rng.randrange(9)
        if what == 8:
            return rng.choice([f"round({self.number(depth - 1)}, 1)", f"steps({self.number(depth - 1)}, 5)"])
        if what == 0:
            return f"math.{rng.choice(['min', 'max'])}({self.number(depth - 1)}, {self.number(depth - 1)})"
        if what == 1:
            return f"clamp({self.number(depth - 1)}, -2, {rng.choice(['10', '7.5', '100'])})"
        if what == 2:
            return f"math.{rng.choice(['floor', 'ceil', 'abs'])}({self.number(depth - 1)})"
        if what == 3:
            return f"({self.yesno(depth - 1)} and {self.number(depth - 1)} or {self.number(depth - 1)})"
        if what == 4 and not self.safe:
            return f"{self.number(depth - 1)} / {self.number(depth - 1)}"
        if what == 4:
            return f"({self.number(depth - 1)}) / {rng.choice(['3', '7.0', '95', '12'])}"
        sign = rng.choice(["+", "-", "*"])
        left, right = self.number(depth - 1), self.number(depth - 1)
        return f"({left}) {sign} ({right})" if rng.random() < 0.5 else f"{left} {sign} {right}"

    def condition(self):
        self.item = False
        text = f"math.abs({self.number(1)}) > {self.number(1)}" if self.rng.random() < 0.3 else None
        self.item = True
        return text

    def yesno(self, depth):
        rng = self.rng
        what = rng.randrange(6)
        if what == 0:
            return rng.choice(["y1", "y2", "w1 == \"甲\"", "w1 ~= '丙'", "not y1"])
        if what == 1 and depth > 0:
            return f"({self.yesno(depth - 1)} {rng.choice(['and', 'or'])} {self.yesno(depth - 1)})"
        return f"{self.number(max(depth - 1, 0))} {rng.choice(['<', '<=', '>', '>=', '==', '~='])} {self.number(max(depth - 1, 0))}"


def expressions(rng, safe):
    """(formula, condition or None, further keys) of each item. Without a condition and with one field it is
    the large file's own way that is tried."""
    draw, out = Draw(rng, safe), []
    for k in range(ITEMS):
        if safe and k % 2 == 0:  # one number
            field = rng.choice(["n1", "n2", "n3", "p1"])
            formula = re.sub(r"\b(n\d|p1|c1)\b", field, draw.number(2))
            formula, condition = f"clamp({formula}, 0, 1000) + 0 * {field}", None
        else:
            formula, condition = draw.number(3), draw.condition()
            formula = f"clamp({formula}, -1e3, 1e3)" if safe else formula
        keys = [f"missing: {rng.choice(['zero', 'none', 'unscored'])}"] + rng.choice([[], [], [], ["cap: none"]])
        keys += ["floor: none"] if not safe and rng.random() < 0.03 else []
        out.append((formula, condition, ", ".join(keys)))
        draw.before += [f"points.i{k}"] if k % 3 == 0 and not safe else []
    return out


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def sheet(items, by_lua):
    def written(expression):
        return quoted(f"select(1, {expression})" if by_lua else expression)

    lines = ["kaoping: 1", "id: random", "title: 随机", "period: 2024", f"total: {10 * ITEMS}", "classes: [街道, 部门]",
             "round: {item: exact, total: 4}", "not_applicable: rescale", "deficiency: {below: 60%, severity: minor}", "fields:"]
    lines += [f"  {name}: {kind if kind[0] == '{' else '{type: ' + kind + '}'}" for name, kind in FIELDS.items()]
    lines.append("items:")
    for k, (formula, condition, keys) in enumerate(items):
        when = f", when: {written(condition)}" if condition else ""
        lines.append(f"  - {{id: i{k}, title: 指标{k}, points: 10, method: formula, formula: {written(formula)}, {keys}{when}}}")
    lines += ["grades: [{name: 好, from: 90}, {name: 差}]", ""]
    return "\n".join(lines)


def cell(rng, kind):
    if rng.random() < 0.04:
        return rng.choice(ODD[kind])
    return {"number": f"{rng.randrange(10**7) / 10**rng.randrange(1, 6)}", "count": str(rng.randrange(30)),
            "percent": f"{rng.randrange(1001) / 10}%", "date": f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
            "yesno": rng.choice("是否"), "choice": rng.choice("甲乙丙")}[kind]


def units(rng, n):
    kinds = [kind if kind in ODD else "choice" for kind in FIELDS.values()]
    rows = [f"u{i},单位{i},{rng.choice(['街道', '部门'])}," + ",".join(cell(rng, kind) for kind in kinds) for i in range(n)]
    return "\n".join(["id,name,class," + ",".join(FIELDS), *rows, ""])


def score(program, folder, rubric, data, *more):
    """Exit status, findings without places and source lines, output, and the counters."""
    out = folder / ("out.csv" if "--counters" in more else "out.json")
    out.unlink(missing_ok=True)
    done = subprocess.run([program, "score", str(rubric), str(data), "-q", "--keep-going", "-o", str(out), *more],
                          capture_output=True, env=environment(program, folder), timeout=TIMEOUT)
    said = done.stderr.decode()
    findings = re.findall(r"(?:error|warning|note): .*", said)
    return done.returncode, findings, out.read_text(encoding="utf-8") if out.exists() else None, dict(re.findall(r"^(\w+) (\w+)$", said, re.M))


def unwrapped(text, items):
    for formula, condition, _ in items:
        for expression in filter(None, (formula, condition)):
            for shown in (expression, expression.replace('"', '\\"'), expression.replace('"', '""')):
                text = text.replace(f"select(1, {shown})", shown)
    return text


def attempt(program, folder, seed, safe):
    """What differs, and the counters of both."""
    rng = random.Random(seed)
    items = expressions(rng, safe)
    data, counters = folder / "units.csv", []
    data.write_text(units(rng, 16000 if safe else 300), encoding="utf-8")
    results = []
    for by_lua in (False, True):
        rubric = folder / "rubric.yaml"
        rubric.write_text(sheet(items, by_lua), encoding="utf-8")
        status, findings, out, counts = score(program, folder, rubric, data, *(["--counters", "--jobs", "1"] if safe else []))
        counters.append(counts)
        text = re.sub(r'"digest": "[\w:]+"', "", unwrapped(out or "", items))
        results.append((status, [unwrapped(f, items) for f in findings], text))
    problems = [f"{what}: {a if len(str(a)) < 200 else str(a)[:200]} and by Lua {str(b)[:200]}"
                for what, a, b in zip(("exit", "findings"), *results) if a != b]
    a, b = results[0][2], results[1][2]
    if a != b:
        at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        problems.append(f"output differs: {a[max(0, at - 80):at + 60]!r} and by Lua {b[max(0, at - 80):at + 60]!r}")
    return problems, results, counters


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=ROOT / "build" / "kaoping", type=Path)
    parser.add_argument("--seeds", default=12, type=int)
    options = parser.parse_args()
    program, passed, failed, scored = str(options.program.resolve()), 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        for seed in range(1, options.seeds + 1):
            safe = seed % 4 == 0
            problems, results, (own, lua) = attempt(program, Path(folder), seed, safe)
            scored += results[0][2].count('"total"')
            if safe and not (int(own.get("formulas", 0)) > 0 == int(own.get("lua_calls", 1)) and int(lua.get("lua_calls", 0)) > 0):
                problems.append(f"not what was to be compared: {own} and {lua}")
            passed, failed = passed + (not problems), failed + bool(problems)
            for problem in problems:
                print(f"FAIL seed {seed}: {problem}")
    if scored < 100 * options.seeds:
        failed += 1
        print(f"FAIL only {scored} totals were compared")
    print(f"formulas: seeds 1 to {options.seeds}, {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
