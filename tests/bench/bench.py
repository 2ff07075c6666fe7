"""bench.py - how long the engine takes, as ratios measured in one run on one machine.

    python3 tests/bench/bench.py build/kaoping [UNITS]

Makes UNITS units for r40.yaml (40 built-in items; the same seed, the same data), scores them five times,
interleaved with a yardstick that every machine has: Python's csv module reading the same file. Wall
time, CPU and memory are reported, never asserted: machines differ, ratios less so. The samples of the
repository are timed as well, since check and score of a usual sheet must feel immediate.
"""
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RUNS = 5

TARGETS = [12000, 60, 50000, 36, 1000000, 80, 1250.5, 66.6, 3, 45000]
LETTERS, MARKS = "ABCD", "优良中差"


def cell(rng, column, quality):
    """One value of column i01..i40 for a unit of that quality; 2 % are missing."""
    if rng.random() < 0.02:
        return ""
    x = rng.random()
    if column <= 5:
        return str(int(TARGETS[column - 1] * (quality * 0.75 + 0.5 * x)))
    if column <= 10:
        return f"{TARGETS[column - 1] * (quality * 0.75 + 0.5 * x):.2f}"
    if column <= 14:
        return str(int((100, 80, 15, 30)[column - 11] * (0.5 * quality + 0.5 * x)))
    if column <= 18:
        return (LETTERS if column <= 16 else MARKS)[min(3, int(4 * x * (1.4 - quality)))]
    if column <= 26:
        return str(int(12 * (1 - quality) * x))
    if column <= 34:
        return str(int(x < 0.5 + 0.45 * quality))
    if column <= 38:
        return f"{min(100, 60 + 40 * (0.7 * quality + 0.4 * x)):.1f}"
    return f"{(98000, 9900)[column - 39] * (0.2 + 0.5 * quality * x):.2f}"


def make_units(path, units):
    rng = random.Random(40)
    with open(path, "w", encoding="utf-8") as out:
        out.write("id,name,group," + ",".join(f"i{i:02}" for i in range(1, 41)) + "\n")
        for unit in range(units):
            quality = 0.35 + 0.65 * rng.random()
            cells = ",".join(cell(rng, column, quality) for column in range(1, 41))
            out.write(f"U{unit:08},第{unit}单位,第{unit % 200:03}组,{cells}\n")


def timed(command):
    """(wall s, CPU s, peak MB) of one run; it must succeed."""
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def report(name, runs, yardstick=None):
    wall, cpu, memory = (statistics.median(column) for column in zip(*runs))
    ratio = "" if yardstick is None else f"   {wall / yardstick:6.2f} x csv.reader"
    print(f"{name:34} {wall * 1000:9.1f} ms wall {cpu * 1000:9.1f} ms CPU {memory:8.1f} MB{ratio}")
    return wall


def main():
    program = sys.argv[1]
    units = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        data, result = Path(folder, "units.csv"), Path(folder, "result.csv")
        make_units(data, units)
        reader = [sys.executable, "-c",
                  f"import csv; sum(1 for _ in csv.reader(open({str(data)!r}, encoding='utf-8')))"]
        score = [program, "score", HERE / "r40.yaml", data, "-q", "-o", result]
        ours, theirs = [], []
        for _ in range(RUNS):
            ours.append(timed(score))
            theirs.append(timed(reader))
        yardstick = report("csv.reader alone", theirs)
        report(f"score, {units} units x 40 items", ours, yardstick)
    for rubric in sorted((ROOT / "rubrics").glob("*.yaml")):
        example = ROOT / "examples" / rubric.stem.replace("ideology-", "")
        files = sorted(p for p in example.iterdir() if p.suffix in (".csv", ".yaml", ".json"))
        for command in ("check", "score"):
            report(f"{command} {rubric.stem}",
                   [timed([program, command, "-q", rubric, *files]) for _ in range(RUNS)])


if __name__ == "__main__":
    main()
