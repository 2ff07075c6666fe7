#!/usr/bin/env python3
"""Large files go another way than small ones (engine/bulk/bulk.h); nobody may be able to tell.

    tests/bulk.py [--program build/kaoping] [--seeds 1-60]

Random rubrics with their data (tests/oracle/generate.py), the data multiplied until the file is large, its
cells mixed, so that there are many units, ties and cells that say more than a value. Each is scored in
both ways (an --encoding that is given is one of the things that the way for large files leaves to the
usual one): output, findings and exit status must be the same, byte for byte, whatever the number of
processes. What the other way leaves to the usual one (quotes, broken lines, ids that stand twice, wrong
cells) is tried by hand. How many seeds went that way is printed and must not fall.
"""

import argparse
import csv
import functools
import io
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "oracle"))

import genitems  # noqa: E402
from generate import generate  # noqa: E402
from golden import ROOT, TIMEOUT, environment  # noqa: E402

LARGE = 1 << 20
COUNTER = re.compile(rb"^(bytes|units|cells|formulas|allocations|[a-z]+_[a-z]+) \S+\n", re.M)
# Columns of figures, which are kept when a unit is scored (bulk/kept.h); those with words about items are not.
KEPT = ("rank id name class state total grade before_gates reported low high gates gates_unanswered deficiencies deficient "
        "sections items").split()
OWN_WAY_LEAST = 0.6  # of the rubrics: others have scripts, places in a class, or data that are to be warned of


def read_this_period_only():
    """What reads a period before, or subordinate units, goes the usual way anyhow."""
    away = ("_change", "_children", "_rank")
    genitems.MAKERS[:] = [make for make in genitems.MAKERS if make.__name__ not in away]
    draw = genitems.Items._atom

    def atom(self, names):
        while True:
            text = draw(self, names)
            if "previous." not in text and "children." not in text:
                self.reads_previous = self.reads_children = False
                return text

    genitems.Items._atom = atom


def multiply(rng, text, size):
    """Rows of the same kind with ids of their own: mostly a row's own cells, some of another's."""
    rows = list(csv.reader(io.StringIO(text)))
    head, rows = rows[0], rows[1:]
    if not rows or not {"id", "编号"} & set(head):
        return None
    at = [i for i, name in enumerate(head) if name in ("id", "编号")][0]
    fixed = {i for i, name in enumerate(head) if name in ("class", "类别", "parent", "上级", "period", "期间")}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=rng.choice(["\n", "\r\n"]))
    writer.writerow(head)
    n = 0
    while out.tell() < size:
        own, other = rng.choice(rows), rng.choice(rows)
        row = [other[i] if i not in fixed and rng.random() < 0.3 else own[i] for i in range(len(head))]
        row[at] = f"u{rng.randrange(10**6):06}-{n}"
        writer.writerow(row)
        n += 1
    return out.getvalue()


class Bench:
    def __init__(self, program):
        self.program, self.passed, self.failures, self.own_way = program, 0, [], 0

    def score(self, folder, rubric, data, *more):
        out = folder / "out.csv"
        out.unlink(missing_ok=True)
        done = subprocess.run([self.program, "score", str(rubric), str(data), "-o", str(out), *more], timeout=TIMEOUT,
                              capture_output=True, env=environment(self.program, folder))
        return done.returncode, done.stderr, out.read_bytes() if out.exists() else None

    def compare(self, name, folder, rubric, data, *more, jobs=("3",)):
        """Both ways must say the same. Whether it went the way for large files; None after a failure."""
        usual = self.score(folder, rubric, data, "--encoding", "utf-8", *more)
        fine = own_way = True
        for n in jobs:
            status, said, out = self.score(folder, rubric, data, "--jobs", n, "--counters", *more)
            own_way = b"usual_way" not in said
            if (status, COUNTER.sub(b"", said), out) != usual:
                fine = False
                where = next((k for k, (a, b) in enumerate(zip(out or b"", usual[2] or b"")) if a != b), "the end")
                self.failures.append(f"{name}, --jobs {n}: exit {status} and {usual[0]}, outputs differ at {where}")
        self.passed += fine
        self.own_way += own_way
        return own_way if fine else None

    def seeds(self, seeds):
        for seed in seeds:
            rng = random.Random(seed)
            with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
                folder = Path(folder)
                generate(seed, str(folder))
                files = sorted(p for p in folder.iterdir() if p.suffix == ".csv")
                data = [p for p in files if p.name.startswith("data") or p.name.startswith("units")]
                if len(data) != 1 or len(files) != 1:
                    continue
                raw = data[0].read_bytes()
                try:
                    text = multiply(rng, raw.decode("utf-8-sig"), LARGE + rng.randrange(LARGE // 4))
                except UnicodeDecodeError:
                    continue
                if text:
                    data[0].write_text(text, encoding="utf-8", newline="")
                    self.compare(f"seed {seed}", folder, folder / "rubric.yaml", data[0], jobs=("1", "3"))
                    columns = ",".join(rng.sample(KEPT, rng.randint(3, len(KEPT))))
                    self.compare(f"seed {seed}, {columns}", folder, folder / "rubric.yaml", data[0], "--columns", columns)


# ---- by hand ----

SHEET = """kaoping: 1
id: large
title: 大表
period: 2024
total: 100
round: {item: 2, total: 2}
classes: [街道, 部门]
missing: zero
not_applicable: rescale
deficiency: {below: 60%, severity: minor}
fields:
  meetings: {type: count, unit: 次}
  rate: {type: percent}
  plan: {type: yesno}
  grade: {type: choice, options: [好, 中, 差]}
  amount: {type: number}
  reason: {type: text}
sections:
  - id: a
    title: 甲
    items:
      - {id: i1, title: 会议, points: 30, method: short, field: meetings, need: 12, lose: 2}
      - {id: i2, title: 比例, points: 20, method: ratio, field: rate, target: 95%}
  - id: b
    title: 乙
    items:
      - {id: i3, title: 方案, points: 20, method: yesno, field: plan}
      - {id: i4, title: 等次, points: 20, method: choice, field: grade, scores: {好: 20, 中: 12, 差: 4}}
      - {id: i5, title: 数额, points: 10, method: best, field: amount, better: high, from: zero}
gates:
  - {id: g, title: 否决, when: "rate < 10", effect: {cap: 59}}
grades:
  - {name: 优, from: 90, quota: {share: 10%, per: class, round: down, at_cut: all_in}}
  - {name: 良, from: 75}
  - {name: 差}
ranking: {within: class, ties: shared, break: [points.i5, rate]}
"""
SCRIPTED = """kaoping: 1
id: scripted
title: 脚本表
period: 2024
total: 120
round: {item: 3, total: 2}
missing: zero
not_applicable: rescale
deficiency: {below: 60%, severity: minor}
fields:
  meetings: {type: count, unit: 次}
  rate: {type: percent}
  plan: {type: yesno}
  grade: {type: choice, options: [好, 中, 差]}
  amount: {type: number}
  reason: {type: text}
sections:
  - id: a
    title: 甲
    items:
      - {id: i1, title: 会议, points: 20, method: lua, script: meetings.lua, params: {need: {街道: 12, 部门: 9}}}
      - {id: i2, title: 比例, points: 20, method: formula, formula: "math.min(rate / 95 * full, full)"}
      - {id: i3, title: 方案, points: 10, method: formula, formula: "plan and full or 0", when: meetings * 2 > 3}
  - id: b
    title: 乙
    items:
      - {id: i4, title: 等次, points: 20, method: lua, script: grade.lua}
      - {id: i5, title: 数额, points: 20, method: lua, script: amount.lua}
      - {id: i6, title: 占比, points: 10, method: formula, formula: full * amount / class.max.amount}
      - {id: i7, title: 扣减, points: 10, method: lua, script: lose.lua, missing: none}
      - {id: i8, title: 均值, points: 10, method: lua, script: mean.lua, missing: unscored}
gates:
  - {id: g, title: 否决, when: rate / 2 < 5, effect: {cap: 59}}
grades:
  - {name: 优, from: 90}
  - {name: 良, from: 75}
  - {name: 差}
ranking: {within: class, ties: shared}
"""
SCRIPTS = {
    "meetings.lua": """return {
  reads = { "meetings" }, params = { need = 12 },
  score = function(item, meetings)
    local short = math.max(item.params.need - meetings, 0)
    return math.max(item.points - 2 * short, 0), short .. "次不足" .. item.params.need
  end }""",
    "grade.lua": """return {
  reads = { "grade", "plan" },
  score = function(item, grade, plan)
    if grade == "差" then item.flag{ text = "等次为差", severity = "major", remedy = "整改" } end
    return ({ ["好"] = 20, ["中"] = 12, ["差"] = 4 })[grade] - (plan and 0 or 1)
  end }""",
    "amount.lua": """return {
  reads = { "amount" }, missing = "call",
  score = function(item, amount)
    if not amount then return item.not_applicable("没有数额") end
    if amount > 9000 then item.flag{ text = "数额" .. amount, severity = "minor" } end
    local sum = 0
    for i = 1, amount % 7 do sum = sum + i end
    return math.min(item.points, amount / 500 + sum / 100)
  end }""",
}
# What reads one number and says no more than points most of the time, or ever.
SCRIPTS["lose.lua"] = """return {
  reads = { "amount" },
  score = function(item, amount)
    if amount % 1000 > 998 then item.flag{ text = "整千", severity = "minor" } end
    item.lose(amount / 800)
  end }"""
SCRIPTS["mean.lua"] = """return {
  reads = { "amount", "class.mean.amount" }, params = { most = 1 },
  score = function(item, amount, mean)
    if amount % 100 < 0.5 then return item.not_applicable() end
    if amount % 100 < 1 then return item.not_reported() end
    return math.min(item.points, item.params.most * amount / mean)
  end }"""
HEAD = "id,name,class,meetings,rate,plan,grade,amount,reason"


def plain_rows(n):
    rng = random.Random(7)
    return [f"u{rng.randrange(10**7):07}-{i},单位{i},{rng.choice(['街道', '部门'])},{rng.randrange(16)},{rng.randrange(1000) / 10:.1f}%,"
            f"{rng.choice('是否')},{rng.choice('好中差')},{rng.randrange(10**6) / 100:.2f},{rng.choice(['', '无', '疫情'])}" for i in range(n)]


ROWS = plain_rows(27000)
MIDDLE = 10000


def with_row(row, rows=ROWS):
    return [*rows[:MIDDLE], row, *rows[MIDDLE + 1:]]


def csv_text(rows, head=HEAD, end="\n"):
    return end.join([head, *rows]) + end


# name, data, whether the way for large files goes to the end
BY_HAND = [
    ("plain", csv_text(ROWS), True),
    ("CRLF", csv_text(ROWS, end="\r\n"), True),
    ("CR alone", csv_text(ROWS, end="\r"), False),
    ("one CR within", csv_text(with_row("x-1,a\rb,街道,3,50%,是,好,5,")), False),
    ("byte order mark", "\ufeff" + csv_text(ROWS), True),
    ("no line end at the end", csv_text(ROWS)[:-1], True),
    ("blank lines", csv_text(with_row("\n\n" + ROWS[MIDDLE] + "\n")), True),
    ("a row of nothing", csv_text(with_row(",,,,,,,,")), False),
    ("semicolons", csv_text([row.replace(",", ";") for row in ROWS], HEAD.replace(",", ";")), True),
    ("tabs", csv_text([row.replace(",", "\t") for row in ROWS], HEAD.replace(",", "\t")), True),
    ("quoted name", csv_text(with_row('x-1,"单位, ""一""",街道,3,50%,是,好,5,')), True),
    ("all quoted", csv_text(['"' + row.replace(",", '","') + '"' for row in ROWS]), True),
    ("quoted id doubled", csv_text(with_row('"x""1",a,街道,3,50%,是,好,5,')), False),
    ("quote within", csv_text(with_row('x-1,5" pipe,街道,3,50%,是,好,5,')), False),
    ("quote not closed", csv_text(with_row('x-1,"a,街道,3,50%,是,好,5,')), False),
    ("line end in quotes", csv_text(with_row('x-1,"a\nb",街道,3,50%,是,好,5,')), False),
    ("text behind quotes", csv_text(with_row('x-1,"a"b,街道,3,50%,是,好,5,')), False),
    ("short row", csv_text(with_row("x-1,a,街道,3")), False),
    ("long row", csv_text(with_row("x-1,a,街道,3,50%,是,好,5,,9")), False),
    ("id twice", csv_text(with_row("u1,a,街道,3,50%,是,好,5,\nu1,b,部门,3,50%,是,好,5,")), False),
    ("id twice, far apart", csv_text([*with_row("u1,a,街道,3,50%,是,好,5,"), "u1,b,部门,3,50%,是,好,5,"]), False),
    ("no id", csv_text(with_row(",a,街道,3,50%,是,好,5,")), False),
    ("id with spaces", csv_text(with_row(" x-1 ,a,街道,3,50%,是,好,5,")), False),
    ("guarded id", csv_text(with_row("'=x-1,a,街道,3,50%,是,好,5,")), False),
    ("formula in a name", csv_text(with_row("x-1,@a,街道,3,50%,是,好,5,")), True),
    ("no class", csv_text(with_row("x-1,a,,3,50%,是,好,5,")), False),
    ("unknown class", csv_text(with_row("x-1,a,村,3,50%,是,好,5,")), False),
    ("no count", csv_text(with_row("x-1,a,街道,三次左右,50%,是,好,5,")), False),
    ("no option", csv_text(with_row("x-1,a,街道,3,50%,是,优,5,")), False),
    ("words for numbers", csv_text(with_row("x-1,a,街道,３次,５０％,√,好,\"1,200\",")), True),
    ("not applicable", csv_text(with_row("x-1,a,街道,不适用(无此职能),50%,是,好,5,")), True),
    ("bounds, plans, placeholders", csv_text(with_row("x-1,a,街道,≥3,约50%,计划,XX,无,")), True),
    ("bounds", csv_text(with_row("x-1,a,街道,≥3,约50%,是,好,60余,")), True),
    ("nothing reported", csv_text(with_row("x-1,a,街道,,,,,,")), True),
    ("bytes that are no text", csv_text(with_row("x-1,a,街道,3,50%,是,好,5,")).replace("x-1,a", "x-1,\udcff"), False),
    ("eight bytes that are no text", csv_text(with_row("x-1,a,街道,3,50%,是," + "\udcff" * 8 + ",5,")), False),
    ("NUL", csv_text(with_row("x-1,a\0,街道,3,50%,是,好,5,")), False),
    ("a megabyte in a cell", csv_text(with_row(f"x-1,{'长' * 400000},街道,3,50%,是,好,5,")), False),
    ("a column nobody knows", csv_text([row + ",1" for row in ROWS], HEAD + ",zzz"), False),
    ("a field that is missing", csv_text([row.rpartition(",")[0] for row in ROWS], HEAD.rpartition(",")[0]), True),
    ("notes", csv_text([row + ',"备注, ""一"""' for row in ROWS], HEAD + ",notes"), True),
    ("the period", csv_text([row + ("," if i % 9 else ",2024") for i, row in enumerate(ROWS)], HEAD + ",期间"), True),
    ("another period", csv_text([row + ("," if i % 9000 else ",2023") for i, row in enumerate(ROWS)], HEAD + ",期间"), False),
    ("all alike", csv_text([f"u{i},n,街道,12,95%,是,好,1," for i in range(40000)]), True),
]


def by_hand(bench):
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        folder = Path(folder)
        rubric, data = folder / "rubric.yaml", folder / "units.csv"
        rubric.write_text(SHEET, encoding="utf-8")
        subprocess.run([bench.program, "check", str(rubric)], check=True, capture_output=True)
        for name, text, own_way in BY_HAND:
            data.write_bytes(text.encode("utf-8", "surrogateescape"))
            if bench.compare(name, folder, rubric, data) not in (None, own_way):
                bench.failures.append(f"{name}: {'left to the usual way' if own_way else 'not left to the usual way'}")
        data.write_text(csv_text(ROWS), encoding="utf-8")
        rows = plain_rows(120000)  # several blocks
        data.write_text(csv_text(rows), encoding="utf-8")
        bench.compare("several blocks", folder, rubric, data)
        rubric.write_text(SHEET.replace("classes: [街道, 部门]\n", "").replace("within: class", "within: all"), encoding="utf-8")
        bench.compare("several blocks, ranked together", folder, rubric, data)
        rubric.write_text(SHEET.replace("classes: [街道, 部门]\n", ""), encoding="utf-8")
        data.write_text(csv_text([re.sub(",(街道|部门),", ",", row) for row in rows], HEAD.replace("class,", "")), encoding="utf-8")
        bench.compare("several blocks without classes", folder, rubric, data)
        rubric.write_text(SHEET, encoding="utf-8")
        data.write_text(csv_text(ROWS), encoding="utf-8")
        bench.compare("--columns", folder, rubric, data, "--columns", "rank,id,deficient,total,i5,sections,flags")
        bench.compare("figures alone", folder, rubric, data, "--columns", ",".join(KEPT))
        moved = [row.rpartition(",")[2] + "," + row.rpartition(",")[0] for row in with_row('x-1,"一""二",街道,3,50%,是,好,5,' + "因" * 30000)]
        data.write_text(csv_text([*moved, "无,x-2," + "长" * 200 + ",街道,3,50%,是,好,5"], "reason,id,name,class,meetings,rate,plan,grade,amount"),
                        encoding="utf-8")
        for columns in ([], ["--columns", ",".join(KEPT)]):
            if bench.compare("a name far from its row's beginning, and a long one", folder, rubric, data, *columns) is False:
                bench.failures.append("a name far from its row's beginning: left to the usual way")
        data.write_text(csv_text(ROWS), encoding="utf-8")
        bench.compare("--top", folder, rubric, data, "--top", "3")
        bench.compare("a warning that is an error", folder, rubric, data, "--error", "gate-unanswered")
        bench.compare("ten outputs", folder, rubric, data, *[word for k in range(9) for word in ("-o", str(folder / f"{k}.csv"))])
        for name in ("units.json", "units.yaml", "units.txt"):
            (folder / name).write_bytes(data.read_bytes())
            bench.compare(f"rows in {name}", folder, rubric, folder / name)
        odd = [f"h-{k},单位,街道,12,50%,是,好,{v}," for k, v in enumerate(["92233720368.54775807", "", "0", "-92233720368.54775807"])]
        data.write_text(csv_text([*ROWS, *odd]), encoding="utf-8")
        rubric.write_text(SHEET.replace("break: [points.i5, rate]", "break: [-amount]"), encoding="utf-8")
        bench.compare("tie-breaks at the ends of what numbers there are", folder, rubric, data)
        items = "".join(f"    - {{id: x{k}, title: 加{k}, points: 33000000, method: each, field: meetings, earn: 33000000}}\n" for k in range(3000))
        rubric.write_text(SHEET.replace("gates:\n", f"bonus:\n  cap: none\n  items:\n{items}gates:\n"), encoding="utf-8")
        bench.compare("points beyond what can be summed", folder, rubric, data)
        rubric.write_text(SHEET, encoding="utf-8")
        data.write_text(csv_text(ROWS), encoding="utf-8")
        bench.compare("two outputs", folder, rubric, data, "-o", str(folder / "more.csv"))
        figures, top = ("--columns", "rank,id,name,total,deficient"), ("--top", "3")
        for who, own, more in (("街道", True, top), ("街道", True, figures), (ROWS[5].split(",")[0], True, ()), ("单位77", True, figures), ("单位", False, ())):
            if bench.compare(f"--only {who} {more}", folder, rubric, data, "--only", who, *more, jobs=("2",)) != own:
                bench.failures.append(f"--only {who} {more}: not the way it should go")
        extra = "bonus:\n  cap: 9\n  for: [街道]\n  items:\n    - {id: x1, title: 加, points: 9, method: each, field: meetings, earn: 1}\ngates:\n"
        rubric.write_text(SHEET.replace("gates:\n", extra), encoding="utf-8")
        for columns in ((), figures):
            bench.compare(f"a bonus that one class has {columns}", folder, rubric, data, *columns)
        rubric.write_text(SHEET, encoding="utf-8")
        bench.compare("in Chinese", folder, rubric, data, "--lang", "zh")
        rubric.write_text(SHEET.replace("classes: [街道, 部门]\n", ""), encoding="utf-8")
        data.write_text(csv_text([row.replace(",街道,", f",第{i % 3000}村,") for i, row in enumerate(ROWS)]), encoding="utf-8")
        bench.compare("many classes", folder, rubric, data)
        scripted(bench, folder)
        lines(bench, folder)
        totals(bench, folder)
        many_items(bench, folder)


def scripted(bench, folder):
    rubric, data = folder / "rubric.yaml", folder / "units.csv"
    for name, text in SCRIPTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    rng = random.Random(11)
    rows = [",".join("" if k > 2 and rng.random() < 0.03 else cell for k, cell in enumerate(row.split(","))) for row in ROWS]
    odd = "x-1,a,街道,≥3,不适用,是,不适用(无),60余,"
    for name, sheet, text, own_way in [
        ("scripts", SCRIPTED, csv_text(with_row(odd, rows)), True),
        ("a script that fails", SCRIPTED.replace("plan and full or 0", "plan and full or 1 // 0 // 1"),
         csv_text(rows), False),
        ("a script that fails once", SCRIPTED.replace("plan and full or 0", "meetings == 77 and error('x') or full"),
         csv_text(with_row("x-1,a,街道,77,50%,是,好,5,", rows)), False),
        ("points beyond the item's", SCRIPTED, csv_text(with_row("x-1,a,街道,0,50%,是,好,-400000,", rows)), False),
        ("a unit's id is read", SCRIPTED.replace("plan and full or 0", "plan and full or #unit.id % 2"), csv_text(rows), False),
        ("points are read", SCRIPTED.replace("full * amount / class.max.amount", "full * points.i2 / 20"), csv_text(rows), True),
    ]:
        rubric.write_text(sheet, encoding="utf-8")
        subprocess.run([bench.program, "check", str(rubric)], check=True, capture_output=True)
        data.write_text(text, encoding="utf-8")
        if bench.compare(name, folder, rubric, data) not in (None, own_way):
            bench.failures.append(f"{name}: {'left to the usual way' if own_way else 'not left to the usual way'}")
        bench.compare(f"{name}, figures alone", folder, rubric, data, "--columns", ",".join(KEPT))


LINES = """kaoping: 1
id: lines
title: 直线表
period: 2024
total: 64
round: {item: PLACES, section: 6, total: 4}
missing: zero
deficiency: {below: 60%, severity: minor}
fields:
  a: {type: number}
  b: {type: number}
  c: {type: number}
  d: {type: percent}
  e: {type: number}
sections:
  - id: s
    title: 甲
    items:
      - {id: i1, title: 比值, points: 10, method: ratio, field: a, target: 800}
      - {id: i2, title: 直线, points: 10, method: linear, field: b, from: 3000, to: -1000}
      - {id: i3, title: '最好, "c"', points: 10, method: best, field: c, better: high, from: zero}
      - {id: i4, title: =最差, points: 10, method: best, field: c, better: low, from: worst}
  - id: t
    title: 乙
    factor: 120%
    items:
      - {id: i5, title: 比例, points: 10, method: ratio, field: d, target: 64%}
      - {id: i6, title: 低限, points: 10, method: ratio, field: e, target: 0.7, floor: none}
bonus:
  cap: none
  items:
    - {id: i7, title: 加分, points: 5, method: ratio, field: a, target: 400}
ranking: {within: class, ties: shared}
"""


def lines(bench, folder):
    """Straight lines are followed in doubles, but for what lies in the middle between two steps."""
    rubric, data = folder / "rubric.yaml", folder / "units.csv"
    rng = random.Random(12)
    kinds = [lambda: f"{rng.randrange(100000) / 100:.2f}", lambda: str(rng.randrange(4000)), lambda: f"{rng.randrange(1600) / 16:.4f}",
             lambda: f"{rng.uniform(-5000, 5000):.8f}", lambda: "", lambda: rng.choice(["0", "0.00000001", "90000000000.5", "-7"])]
    rows = []
    for k in range(18000):
        cells = [rng.choice(kinds[:4] if rng.random() < 0.97 else kinds)() for _ in range(5)]
        cells[3] = f"{rng.randrange(100001) / 1000:.3f}%"
        rows.append(f"u{k},单位{k}," + rng.choice(["街道", "部门", "镇"]) + "," + ",".join(cells))
    data.write_text(csv_text(rows, "id,name,class,a,b,c,d,e"), encoding="utf-8")
    for places in ["0", "4", "6", "7", "exact"]:
        rubric.write_text(LINES.replace("PLACES", places), encoding="utf-8")
        columns = "class,rank,id,total,sections,deficient,deficiencies"
        subprocess.run([bench.program, "check", str(rubric)], check=True, capture_output=True)
        if bench.compare(f"lines, {places} places", folder, rubric, data, "--columns", columns, jobs=("1", "3")) is False:
            bench.failures.append(f"lines, {places} places: left to the usual way")


TOTALS = """kaoping: 1
id: totals
title: 总分表
period: 2024
total: 20
cap: 23
TOP
round: {item: ITEM, section: 2, total: 1}
missing: zero
deficiency: {below: 60%, severity: minor}
fields:
  a: {type: count}
  b: {type: count}
  c: {type: choice, options: [好, 中, 差]}
  d: {type: yesno}
  e: {type: number}
sections:
  - id: s
    title: 甲
    items:
      - {id: i1, title: 次数, points: 12, method: each, field: a, lose: 1.25, floor: none}
      - {id: i2, title: 等次, points: 8, method: choice, field: c, scores: {好: 8, 中: 4, 差: 1}}
BONUS
deductions:
  cap: none
  items:
    - {id: x2, title: 扣分, points: 5, method: each, field: a, earn: 2, cap: none}
gates:
  - {id: g1, title: 等次, when: "c == 差 and not d", effect: EFFECT}
  - {id: g2, title: 方案, when: "a >= 9 and GATE", effect: {lower: 1}}
grades:
  - {name: 优, from: 20}
  - {name: 良, from: 15}
  - {name: 中, from: 5.5}
  - {name: 差}
ranking: {within: class, ties: shared, vetoed: last}
"""
BONUS = """bonus:
  cap: 6
  items:
    - {id: x1, title: 加分, points: 6, method: each, field: b, earn: 0.45}
"""


def totals(bench, folder):
    """Totals that are below nothing, capped, or at a band's very edge; gates that fire, or cannot be decided."""
    rubric, data = folder / "rubric.yaml", folder / "units.csv"
    rng = random.Random(21)
    rows = [f"u{k},单位{k}," + rng.choice(["街道", "部门", "镇"]) + f",{rng.choice(['', *range(12)])},{rng.choice(['', 0, 1, 2, 3, 9])},"
            f"{rng.choice(['', '好', '中', '差'])},{rng.choice(['', '是', '否'])},{rng.randrange(10**6)}" for k in range(40000)]
    data.write_text(csv_text(rows, "id,name,class,a,b,c,d,e"), encoding="utf-8")
    columns = "class,rank,id,total,before_gates,grade,state,gates,gates_unanswered,sections,deficient,deficiencies"
    sheets = []
    for top, item, bonus, effect, gate in (("", "2", BONUS, "{cap: 14}", "d"), ("floor: none", "2", BONUS, "{at_best: 中}", "d"),
                                           ("", "exact", "", "{cap: 7.77}", "d"), ("", "1", BONUS, "{at_best: 差}", "e < 500000"),
                                           ("floor: none", "2", BONUS.replace("cap: 6", "cap: none").replace("0.45", "60000000, cap: none"), "{lower: 2}", "d")):
        plain = {"TOP": top, "ITEM": item, "BONUS\n": bonus, "EFFECT": effect, "GATE": gate}
        sheets.append(plain)
    # A section whose sum is brought to its points, to the last place or beyond it.
    scaled = {"points: 8, method: choice, field: c, scores: {好: 8": "points: 13, method: choice, field: c, scores: {好: 13",
              "title: 甲\n": "title: 甲\n    points: 20\n    scale: true\n", "lose: 1.25": "lose: 1.25000001", "ITEM": "8"}
    sheets += [sheets[0] | scaled | {"section: 2": f"section: {places}"} for places in ("8", "exact", "4")]
    for changes in sheets:
        rubric.write_text(functools.reduce(lambda text, change: text.replace(*change), changes.items(), TOTALS), encoding="utf-8")
        name = f"totals, {changes}"
        subprocess.run([bench.program, "check", str(rubric)], check=True, capture_output=True)
        if bench.compare(name, folder, rubric, data, "--columns", columns, jobs=("1", "3")) is False:
            bench.failures.append(f"{name}: left to the usual way")


def many_items(bench, folder, items=12000, most=1 << 20):
    """Ten thousand items, each with a field of its own: memory (KB) tells what looks at all of them for each of them."""
    rubric, data = folder / "rubric.yaml", folder / "units.csv"
    rubric.write_text(f"kaoping: 1\nid: many\ntitle: 多\nperiod: 2024\ntotal: {items}\nround: {{item: 2, total: 2}}\nmissing: zero\nfields:\n"
                      + "".join(f"  f{i}: {{type: count}}\n" for i in range(items)) + "sections:\n  - id: s\n    title: 甲\n    items:\n"
                      + "".join(f"      - {{id: i{i}, title: 项{i}, points: 1, method: each, field: f{i}, lose: 0.1}}\n" for i in range(items)),
                      encoding="utf-8")
    data.write_text(csv_text([f"u{k},单位{k}," + ",".join(str((k * 7 + i) % 10) for i in range(items)) for k in range(60)],
                             "id,name," + ",".join(f"f{i}" for i in range(items))), encoding="utf-8")
    run = subprocess.Popen([bench.program, "score", "-q", "--counters", "--columns", "id,total", str(rubric), str(data),
                            "-o", str(folder / "many.csv")], stderr=subprocess.PIPE, encoding="utf-8", env=environment(bench.program, folder))
    said = run.stderr.read()
    _, status, usage = os.wait4(run.pid, 0)
    sanitized = any(kind in bench.program for kind in ("asan", "tsan"))  # which take memory of their own
    if status != 0 or "usual_way" in said or (usage.ru_maxrss > most and not sanitized):
        bench.failures.append(f"many items: status {status}, {usage.ru_maxrss} KB, {said[-200:]}")
    else:
        bench.passed += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"))
    parser.add_argument("--seeds", default="1-30")
    options = parser.parse_args()
    low, _, high = options.seeds.partition("-")
    read_this_period_only()
    bench = Bench(str(Path(options.program).resolve()))
    bench.seeds(range(int(low), int(high or low) + 1))
    tried = bench.passed + len(bench.failures)
    if bench.own_way < OWN_WAY_LEAST * tried:
        bench.failures.append(f"only {bench.own_way} of {tried} rubrics went the way for large files")
    by_hand(bench)
    for failure in bench.failures:
        print(f"FAIL {failure}")
    print(f"bulk: {bench.passed} passed, {len(bench.failures)} failed")
    return 1 if bench.failures else 0


if __name__ == "__main__":
    sys.exit(main())
