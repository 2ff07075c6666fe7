#!/usr/bin/env python3
"""What a large run takes, in counts: a slower way shows without a clock.

    tests/bench/counters.py GENERATE [--program build/kaoping]

Scores 30,000 units of generate.c by r40.yaml and its two variants (variants.py), to all columns and to
figures alone, with one worker, where the counts of `score --counters` are the same on every machine. How
many bytes, units and cells were seen must be what the file has; how much of it took the longer way must be
no more than the bounds below, which are a tenth above what was seen when they were set.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from golden import ROOT, TIMEOUT, environment  # noqa: E402

HERE = Path(__file__).resolve().parent
UNITS = 30_000
FIELDS = 40
PASSES = 2  # who there is and what classes are held against; then all the cells
BOUNDS = {"cells_parsed": 63_500, "units_walked": 0}
# Scripts are called for each unit whose inputs have not been seen together before; these
# formulas need no call.
ALL_COLUMNS = {"items_walked": 53_000, "items_worded": 26_500, "allocations": 275_000}
FIGURES = {"items_walked": 26_500, "items_worded": 0}
COLUMNS = ["--columns", "class,rank,id,name,total,grade,sections,deficient"]
RUNS = [("r40", [], {**ALL_COLUMNS, "lua_calls": 0, "formulas": 0}),
        ("r40", COLUMNS, {"items_walked": 1_870, "items_worded": 0, "cells_parsed": 38_800, "allocations": 1_830,
                          "lua_calls": 0, "formulas": 0}),
        ("r40-formula", [], {**ALL_COLUMNS, "lua_calls": 0, "formulas": 247_000}),
        ("r40-formula", COLUMNS, {**FIGURES, "allocations": 35_600, "lua_calls": 0, "formulas": 220_500}),
        ("r40-lua", [], {**ALL_COLUMNS, "lua_calls": 247_000, "formulas": 0}),
        ("r40-lua", COLUMNS, {**FIGURES, "allocations": 36_600, "lua_calls": 220_500, "formulas": 0})]


def counts_of(program, folder, rubric, data, columns):
    command = [program, "score", rubric, data, "-q", "-o", folder / "out.csv", "--counters", "--jobs", "1", *columns]
    done = subprocess.run(command, capture_output=True, env=environment(program, folder), timeout=TIMEOUT)
    said = done.stderr.decode()
    if done.returncode != 0:
        return {}, [f"exit {done.returncode}: {said[-300:]}"]
    counts = {name: int(n) for name, n in re.findall(r"^(\w+) (\d+)$", said, re.M)}
    return counts, [] if counts else [f"no counts: {said[-300:]}"]


def faults(counts, exact, bounds):
    for name, wanted in exact.items():
        if counts.get(name) != wanted:
            yield f"{name}: {counts.get(name)} seen, {wanted} are to be"
    for name, most in bounds.items():
        if name not in counts:
            yield f"{name}: not counted, at most {most} allowed"
        elif counts[name] > most:
            yield f"{name}: {counts[name]} seen, at most {most} allowed"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("generate", type=Path)
    parser.add_argument("--program", default=ROOT / "build" / "kaoping", type=Path)
    options = parser.parse_args()
    program, failed = str(options.program.resolve()), 0
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        folder = Path(folder)
        data = folder / "units.csv"
        text = subprocess.run([options.generate.resolve(), str(UNITS)], capture_output=True, check=True).stdout
        data.write_bytes(text)
        subprocess.run([sys.executable, HERE / "variants.py", folder], check=True)
        exact = {"bytes": PASSES * (len(text) - text.index(b"\n") - 1), "units": UNITS, "cells": UNITS * FIELDS}
        for name, columns, own in RUNS:
            rubric = HERE / "r40.yaml" if name == "r40" else folder / f"{name}.yaml"
            counts, wrong = counts_of(program, folder, rubric, data, columns)
            if counts:
                wrong += faults(counts, exact, {**BOUNDS, **own})
            failed += bool(wrong)
            for fault in wrong:
                print(f"FAIL {' '.join([name, *columns])}: {fault}")
    print(f"counters: {len(RUNS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
