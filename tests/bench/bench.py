"""bench.py - how long the engine takes, as ratios measured in one run on one machine.

    python3 tests/bench/bench.py PROGRAM GENERATE REFERENCE [UNITS] [--peers FOLDER]      `make bench` does it

Makes UNITS units for r40.yaml (generate.c; 40 items; the same cells on every machine) and scores them with
reference.c, which knows nothing but this rubric, with the engine, and with what else is found here: plain
Lua, DuckDB and Polars, each with its scorer of R40 in the folder of peers, and Python's csv module, which
only reads. All take turns, five rounds. The ratios are the medians of those within a round, against the
reference. Wall time, CPU and memory are reported, never asserted: machines differ, ratios less so. That the
engine's list is the reference's, byte for byte, is asserted. The least peak that can be seen is that of the
process that starts the others. A hundred units and the samples of the repository are timed as well, since
check and score of a usual sheet must feel immediate.
"""
import argparse
import filecmp
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ROUNDS = 5
COLUMNS = "class,rank,id,name,total,grade,sections,deficient"
READ = "import csv, sys; sum(1 for _ in csv.reader(open(sys.argv[1], encoding='utf-8', newline='')))"
# Names of npm's packages, and the scorer of R40 that needs each.
NODE_PEERS = [("DuckDB", "@duckdb/node-api", "duck.js", ["2"]), ("Polars", "nodejs-polars", "pol.js", [])]

# The data of each sample, in examples/.
SAMPLES = {
    "ideology-duty-2024": ["duty-2024/units.csv"],
    "ideology-duty-2025": ["duty-2025/units.csv", "duty-2025/assessor.csv"],
    "library-service-2024": [f"library-service-2024/{name}" for name in
                             ("branches.csv", "central-and-mobile.yaml", "review-team.json")],
    "work-safety-2024": ["work-safety-2024/units.csv", "work-safety-2024/assessor.csv"],
}


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


def node_has(package):
    """Whether it loads: a package may be there without the library for this machine."""
    found = subprocess.run(["node", "-e", f"require({package!r}); process.exit(0)"], capture_output=True)
    return found.returncode == 0


def peers(folder, data, out):
    """{name: command} of what is found on this machine."""
    found = {}
    lua, node = shutil.which("lua5.4"), shutil.which("node")
    if lua and (folder / "score.lua").is_file():
        found["plain Lua"] = [lua, folder / "score.lua", data, out]
    for name, package, script, more in NODE_PEERS:
        if node and (folder / script).is_file() and node_has(package):
            found[name] = [node, folder / script, data, out, *more]
    found["csv.reader, reading only"] = [sys.executable, "-c", READ, data]
    return found


def take_turns(commands, out):
    """{name: [runs]}, each command with an output file that is not there yet."""
    runs = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            out.unlink(missing_ok=True)
            runs[name].append(timed(command))
    return runs


def print_table(title, runs):
    print(f"\n{title:34} {'wall ms':>9} {'least':>9} {'CPU ms':>9} {'MB':>8} {'x wall':>7} {'x CPU':>7}")
    first = next(iter(runs.values()))
    for name, own in runs.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*own))
        ratios = [statistics.median(one[i] / max(base[i], 1e-4) for one, base in zip(own, first)) for i in (0, 1)]
        print(f"{name:34} {wall * 1000:9.1f} {min(own)[0] * 1000:9.1f} {cpu * 1000:9.1f} {memory:8.1f} "
              f"{ratios[0]:7.2f} {ratios[1]:7.2f}", flush=True)


def check_same(commands, expected, out):
    """Each command's file must be the reference's."""
    for name, command in commands.items():
        timed(command)
        if not filecmp.cmp(expected, out, shallow=False):
            sys.exit(f"{name}: not the bytes of the reference")
    print(f"The same bytes as the reference's: {', '.join(commands)}")


def bench_units(options, folder):
    data, out, expected = folder / "units.csv", folder / "result.csv", folder / "reference.csv"

    def score(rubric, *more):
        return [options.program, "score", rubric, data, "-q", "-o", out, *more]

    def generate(units):
        with open(data, "wb") as file:
            subprocess.run([options.generate, str(units)], stdout=file, check=True)
        timed([options.reference, data, expected])

    subprocess.run([sys.executable, HERE / "variants.py", folder], check=True)
    rubric = HERE / "r40.yaml"
    reference = {"reference": [options.reference, data, out]}
    listed = {f"kaoping --columns, {jobs} at work": score(rubric, "--columns", COLUMNS, "--jobs", jobs)
              for jobs in "21"}
    full = {"kaoping, every column": score(rubric)}
    scripted = {f"kaoping --columns, {kind}": score(folder / f"r40-{kind}.yaml", "--columns", COLUMNS)
                for kind in ("formula", "lua")}

    generate(options.units)
    check_same({**listed, **scripted}, expected, out)
    every = {**reference, **listed, **full, **scripted, **peers(options.peers, data, out)}
    print_table(f"{options.units} units x 40 items", take_turns(every, out))
    generate(100)
    check_same(listed, expected, out)
    print_table("100 units x 40 items", take_turns({**reference, **listed, **full}, out))


def bench_samples(program, out):
    commands = {}
    for sample, names in SAMPLES.items():
        for command in ("check", "score"):
            files = [ROOT / "examples" / name for name in names]
            commands[f"{command} {sample}"] = [program, command, "-q", ROOT / "rubrics" / f"{sample}.yaml", *files]
    print_table("samples, against the first", take_turns(commands, out))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("generate")
    parser.add_argument("reference")
    parser.add_argument("units", nargs="?", default=100_000, type=int)
    parser.add_argument("--peers", default=ROOT.parent / "shared" / "bench", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        bench_units(options, Path(folder))
        bench_samples(options.program, Path(folder, "none"))


if __name__ == "__main__":
    main()
