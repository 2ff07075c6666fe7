#!/usr/bin/env python3
"""R40, the speed yardstick's rubric (tests/bench/r40.yaml), held against exact integers.

    tests/r40.py [--program build/kaoping] [--units 5000]

Units are made here with what caught other programs: missing cells (an SQL `least` skips them, and they
earn full marks), quotes doubled within quoted names, values whose points end in exactly half a unit of
the last place (binary floating point rounds some of them down). Each unit's total, rank, grade, sections
and deficiencies must be what integers of a ten-thousandth of a point make of the rules below; and the
bytes must be the same with 1, 2 and 7 processes.
"""

import argparse
import csv
import io
import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from golden import ROOT, TIMEOUT, environment  # noqa: E402

POINT = 10000  # of a ten-thousandth
# Of each criterion: column, kind, section, weight, what its kind needs.
L, B, E, D, Y, P, R = "ratio bands choice each yesno gap best".split()
CRITERIA = [
    (1, L, 1, 4, 12000), (2, L, 1, 3, 60), (3, L, 2, 3, 50000), (4, L, 2, 3, 36), (5, L, 3, 2, 1000000),
    (6, L, 3, 3, 80), (7, L, 4, 4, 1250.5), (8, L, 5, 3, 66.6), (9, L, 6, 2, 3), (10, L, 6, 2, 45000),
    (11, B, 1, 4, [(90, 100), (80, 85), (70, 70), (60, 50)]), (12, B, 2, 4, [(50, 100), (30, 80), (15, 60), (5, 30)]),
    (13, B, 3, 3, [(10, 100), (5, 75), (2, 50), (1, 25)]), (14, B, 4, 4, [(-2, 100), (-5, 80), (-10, 50), (-20, 20)]),
    (15, E, 2, 3, "A100 B80 C60 D30"), (16, E, 3, 3, "A100 B80 C60 D30"), (17, E, 4, 4, "优100 良80 中60 差20"),
    (18, E, 5, 3, "优100 良80 中60 差20"), (19, D, 1, 4, 0.5), (20, D, 1, 3, 0.3), (21, D, 2, 3, 0.6),
    (22, D, 3, 3, 0.4), (23, D, 3, 2, 0.25), (24, D, 4, 4, 1), (25, D, 4, 3, 0.5), (26, D, 5, 3, 0.75),
    *[(c, Y, s, w, None) for c, s, w in
      [(27, 1, 2), (28, 1, 2), (29, 2, 2), (30, 3, 2), (31, 4, 3), (32, 6, 1), (33, 6, 1), (34, 5, 2)]],
    (35, P, 1, 4, (95, 0.2)), (36, P, 2, 4, (90, 0.15)), (37, P, 4, 4, (98, 0.5)), (38, P, 5, 3, (85, 0.1)),
    (39, R, 5, 3, None), (40, R, 6, 2, None),
]
CAPS = {1: (100, 25), 2: (100, 20), 3: (120, 20), 4: (80, 20), 5: (100, 15), 6: (100, 5)}  # factor in %, cap
GRADES = [(95, "优秀"), (85, "良好"), (75, "合格"), (60, "基本合格"), (0, "不合格")]


# ---- units ----


def cell(rng, column, kind, parameter):
    if rng.random() < 0.04:
        return ""
    if kind == L:
        hundredths = rng.randrange(int(parameter * 110))
        if column in (1, 2, 3, 4, 5):
            return str(hundredths // 100)
        return f"{hundredths // 100}.{hundredths % 100:02}"
    if kind == B:
        return str(rng.randrange(30 if column in (13, 14) else 101))
    if kind == E:
        return rng.choice([part[0] for part in parameter.split()])
    if kind == D:
        return str(int(rng.expovariate(0.4)))
    if kind == Y:
        return str(int(rng.random() < (0.97 if column == 34 else 0.7)))
    if kind == P:
        return f"{rng.randrange(700, 1001) / 10:.1f}"
    return str(rng.randrange(100000)) if column == 39 else f"{rng.randrange(1000000) / 100:.2f}"


def units_of(n):
    rng = random.Random(40)
    rows = []
    for i in range(n):
        name = f"第{i}单位" + ("" if i % 50 else rng.choice(['，"分"部', ', "二"队', '""', 'a,b', '"']))
        group = f"第{int(rng.random() ** 2 * 20):02}组"
        rows.append([f"U{rng.randrange(10**6):06}{i:05}", name, group, *[cell(rng, c, k, p) for c, k, _, _, p in CRITERIA]])
    return rows


def text_of(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "name", "group", *[f"i{c:02}" for c in range(1, 41)]])
    writer.writerows(rows)
    return out.getvalue()


# ---- the rules, in integers ----


def half_up(n, d):
    return (2 * n + d) // (2 * d)


def hundredths(text):
    whole, _, places = str(text).partition(".")
    return int(whole) * 100 + int((places + "00")[:2])


def points(kind, weight, parameter, text, most):
    """In ten-thousandths; what is missing earns nothing."""
    full = weight * POINT
    if text == "":
        return 0
    if kind == L:
        target = hundredths(parameter)
        return half_up(full * min(hundredths(text), target), target)
    if kind == B:
        held = (percent for bound, percent in parameter if (int(text) <= -bound if bound < 0 else int(text) >= bound))
        return full * next(held, 0) // 100
    if kind == E:
        return full * next(int(part[1:]) for part in parameter.split() if part[0] == text) // 100
    if kind == D:
        return max(0, full - int(text) * hundredths(parameter) * 100)
    if kind == Y:
        return full if text == "1" else 0
    if kind == P:
        target, lose = parameter
        return max(0, full - max(0, target * 100 - hundredths(text)) * hundredths(lose))
    return half_up(full * hundredths(text), most) if most > 0 else 0


def expected(rows):
    best = {}
    for row in rows:
        for column in (39, 40):
            if row[2 + column] != "":
                key = row[2], column
                best[key] = max(best.get(key, 0), hundredths(row[2 + column]))
    out = {}
    for row in rows:
        sections, short = dict.fromkeys(CAPS, 0), []
        for column, kind, section, weight, parameter in CRITERIA:
            got = points(kind, weight, parameter, row[2 + column], best.get((row[2], column), 0))
            sections[section] += got
            if section != 6 and got * 10 < weight * POINT * 6:
                short.append(column)
        for section, (factor, cap) in CAPS.items():
            sections[section] = min(cap * POINT, half_up(sections[section] * factor, 100))
        total = half_up(sum(sections.values()), 100)
        if row[2 + 34] == "0":
            total = min(total, 5900)
        grade = next(name for bound, name in GRADES if total >= bound * 100)
        out[row[0]] = {"name": row[1], "group": row[2], "total": total, "grade": grade,
                       "sections": [f"{s // POINT}.{s % POINT:04}" for s in sections.values()], "short": short}
    for unit in out.values():
        unit["rank"] = None
    by_group = {}
    for unit in out.values():
        by_group.setdefault(unit["group"], []).append(unit)
    for units in by_group.values():
        units.sort(key=lambda u: -u["total"])
        for place, unit in enumerate(units):
            tied = place > 0 and unit["total"] == units[place - 1]["total"]
            unit["rank"] = units[place - 1]["rank"] if tied else place + 1
    return out


# ---- what the program says ----


def short_of(row):
    """Codes of S1 to S5 that are flagged as a shortfall or as not reported."""
    text = row["deficiency_text"]
    return sorted({int(part[1:3]) for part in text.split("; ") if part[:1] == "C" and part[3:4] == ":"
                   and next(s for c, _, s, _, _ in CRITERIA if c == int(part[1:3])) != 6})


def compare(rows, out):
    wanted, seen = expected(rows), set()
    for row in csv.DictReader(io.StringIO(out.decode("utf-8-sig"))):
        unit = wanted[row["id"]]
        seen.add(row["id"])
        got = {"name": row["name"].removeprefix("'") if unit["name"][:1] in "=+-@" else row["name"], "group": row["class"],
               "total": hundredths(row["total"]), "grade": row["grade"],
               "sections": [row[f"S{s}"] for s in CAPS], "short": short_of(row), "rank": int(row["rank"])}
        if got != unit:
            yield f"{row['id']}: {[(k, got[k], unit[k]) for k in got if got[k] != unit[k]]}"
    if len(seen) != len(wanted):
        yield f"{len(seen)} units of {len(wanted)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=ROOT / "build" / "kaoping", type=Path)
    parser.add_argument("--units", default=5000, type=int)
    options = parser.parse_args()
    wrong, outputs = [], {}
    rows = units_of(options.units)
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        data = Path(folder, "units.csv")
        data.write_text(text_of(rows), encoding="utf-8")
        for form in ("csv", "json", "table"):
            for jobs in (1, 2, 7):
                run = subprocess.run(
                    [str(options.program.resolve()), "score", ROOT / "tests" / "bench" / "r40.yaml", data, "-q",
                     "--format", form, "--jobs", str(jobs)],
                    capture_output=True, env=environment(str(options.program.resolve()), Path(folder)), timeout=TIMEOUT,
                )
                if run.returncode != 0:
                    wrong.append(f"{form}, --jobs {jobs}: exit {run.returncode}: {run.stderr.decode()[-300:]}")
                elif outputs.setdefault(form, run.stdout) != run.stdout:
                    wrong.append(f"{form}: --jobs {jobs} gives other bytes than --jobs 1")
    differences = list(compare(rows, outputs["csv"])) if "csv" in outputs else []
    for text in [*wrong, *differences[:5]]:
        print(f"r40: {text}")
    print(f"r40: {len(rows)} units, {len(differences)} with differences, {len(wrong)} other faults")
    return 1 if wrong or differences else 0


if __name__ == "__main__":
    sys.exit(main())
