"""Holds the engine's results against the independent recomputation, key by key.

    python3 compare.py KAOPING_BINARY [--seeds A-B] [RUBRIC DATA... -- RUBRIC DATA... --]

For each seed a rubric with data is generated into a temporary folder, scored by the binary and
recomputed; sets of files named on the command line are held against each other in the same way.
Without either, seeds 1-200. Figures are compared as exact decimals (87.25 is 87.250, nothing else
is), everything else as text. The first differences are printed with their place, the folder of a
failing seed is kept, and the exit status is 1.
"""

from collections import Counter
from decimal import Decimal, InvalidOperation
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile

from exact import RubricError
from generate import generate
from recompute import recompute
from waivers import split

UNIT_KEYS = ["name", "class", "state", "total", "exact", "before_gates", "due", "of", "rank",
             "ranked", "grade", "grade_by_band", "vetoed", "reported", "low", "high", "gates",
             "without_waivers"]
PART_KEYS = {"sections": ["points", "due", "of"],
             "items": ["section", "state", "points", "due", "of", "waiver_expired"]}
WAIVER_KEYS = ["unit", "item", "effect", "expired"]
SHOWN_PER_CASE, SHOWN_CASES = 6, 12


class EngineError(Exception):
    """The binary could not be run, or refused what it was given."""


def run_engine(binary, rubric, data, previous=()):
    """The binary's result for these files, as read from its JSON."""
    data, waivers = split(data)
    command = [binary, "score", rubric, *data, "--format", "json", "--quiet"]
    for path in previous:
        command += ["--previous", path]
    command += [word for path in waivers for word in ("--waivers", path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(str(error)) from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise EngineError(f"exit status {done.returncode}: " + "\n    ".join(lines[:8]))
    try:
        result = json.loads(done.stdout)
    except ValueError as error:
        raise EngineError(f"no JSON: {error}") from error
    for unit in result["units"]:
        unit.setdefault("without_waivers", None)
        for item in unit["items"]:
            item["waiver_expired"] = "waiver_expired" in item.get("flags", [])
    return result


# --- differences ----------------------------------------------------------------------------------

def normal(value):
    """A figure without superfluous zeros, anything else as it is; empty text is nothing."""
    if isinstance(value, dict):
        return {key: normal(part) for key, part in value.items()}
    if value is None or value == "" or isinstance(value, (bool, list)):
        return None if value == "" else value
    text = str(value)
    try:
        return str(Decimal(text.rstrip("%")).normalize()) + ("%" if text.endswith("%") else "")
    except InvalidOperation:
        return text


def differences(engine, oracle):
    """Every (unit, key, the engine's value, the oracle's value) in which two results differ."""
    ours = {unit["id"]: unit for unit in engine["units"]}
    theirs = {unit["id"]: unit for unit in oracle["units"]}
    yield from _presence("", "units", ours, theirs)
    for name in theirs:
        if name in ours:
            yield from _unit_differences(name, ours[name], theirs[name])
    yield from _order_differences(engine["units"], oracle["units"])
    yield from _waiver_differences(engine.get("waivers", []), oracle["waivers"])


def _waiver_differences(ours, theirs):
    lists = [sorted(tuple(waiver[key] for key in WAIVER_KEYS) for waiver in waivers)
             for waivers in (ours, theirs)]
    if lists[0] != lists[1]:
        yield "", "waivers", *lists


def _presence(unit, kind, ours, theirs):
    for name in theirs:
        if name not in ours:
            yield unit, f"{kind}.{name}", "absent", "present"
    for name in ours:
        if name not in theirs:
            yield unit, f"{kind}.{name}", "present", "absent"


def _unit_differences(name, ours, theirs):
    for key in UNIT_KEYS:
        yield from _difference(name, key, ours, theirs, key)
    for kind, keys in PART_KEYS.items():
        our_parts, their_parts = ({part["id"]: part for part in unit[kind]}
                                  for unit in (ours, theirs))
        yield from _presence(name, kind, our_parts, their_parts)
        for part in their_parts:
            for key in keys if part in our_parts else ():
                yield from _difference(name, f"{kind}.{part}.{key}", our_parts[part],
                                       their_parts[part], key)


def _difference(unit, place, ours, theirs, key):
    our_value, their_value = ours.get(key, "no such key"), theirs.get(key)
    if normal(our_value) != normal(their_value):
        yield unit, place, our_value, their_value


def _order_differences(ours, theirs):
    """The order of the units, within each class."""
    for name in {unit["class"] for unit in theirs}:
        orders = [[unit["id"] for unit in units if normal(unit.get("class")) == normal(name)]
                  for units in (ours, theirs)]
        if orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1]):
            yield "", f"order of {name}", " ".join(orders[0]), " ".join(orders[1])


# --- cases ----------------------------------------------------------------------------------------

def compare_files(binary, rubric, data):
    """All differences for one set of files; a refusal is one too. Data of the previous period are
    known by their name."""
    previous = [path for path in data if os.path.basename(path).startswith("previous")]
    data = [path for path in data if path not in previous]
    try:
        oracle = recompute(rubric, data, previous)
    except RubricError as error:
        return [("", "recompute", "", f"refused: {error}")]
    try:
        return list(differences(run_engine(binary, rubric, data, previous), oracle))
    except EngineError as error:
        return [("", "engine", str(error), "")]


def _compare_seed(task):
    binary, seed, folder = task
    paths = generate(seed, folder)
    found = compare_files(binary, paths[0], paths[1:])
    if not found:
        shutil.rmtree(folder)
    return f"seed {seed}", folder, found


def compare_seeds(binary, seeds):
    """(label, where the files are, differences) of each seed, in order."""
    top = tempfile.mkdtemp(prefix="kaoping-oracle-")
    tasks = [(binary, seed, os.path.join(top, str(seed))) for seed in seeds]
    with multiprocessing.Pool() as pool:
        yield from pool.imap(_compare_seed, tasks, chunksize=8)
    if not os.listdir(top):
        os.rmdir(top)


class Report:
    """Prints the first differences and counts the rest."""

    def __init__(self):
        self.cases = self.failing = 0
        self.keys = Counter()

    def add(self, label, place, found):
        self.cases += 1
        if not found:
            return
        self.failing += 1
        self.keys.update(_kind(key) for _, key, _, _ in found)
        if self.failing > SHOWN_CASES:
            return
        print(f"{label}: {len(found)} differences, files in {place}")
        for unit, key, ours, theirs in found[:SHOWN_PER_CASE]:
            print(f"  unit {unit or '-'}  {key}\n    kaoping {ours!s}\n    oracle  {theirs!s}")

    def close(self):
        print(f"{self.cases} cases, {self.failing} with differences")
        if self.keys:
            print("  " + ", ".join(f"{key} {count}" for key, count in self.keys.most_common()))
        return 1 if self.failing else 0


def _kind(key):
    parts = key.split(".")
    return f"{parts[0]}.{parts[2]}" if len(parts) == 3 else parts[0]


# --- the command ----------------------------------------------------------------------------------

def parse_arguments(arguments):
    """(binary, seeds, [[rubric, data...], ...]), or None for a command line that is none."""
    if not arguments or arguments[0].startswith("-"):
        return None
    binary, seeds, sets, current = arguments[0], None, [], []
    rest = iter(arguments[1:] + ["--"])
    for word in rest:
        if word == "--seeds":
            first, _, last = next(rest).partition("-")
            if not first.isdigit() or not (last or first).isdigit():
                return None
            seeds = range(int(first), int(last or first) + 1)
        elif word != "--":
            current.append(word)
        elif current:
            sets.append(current)
            current = []
    if any(len(files) < 2 for files in sets):
        return None
    if seeds is None:
        seeds = () if sets else range(1, 201)
    return os.path.abspath(binary), seeds, sets


def main(arguments):
    parsed = parse_arguments(arguments)
    if parsed is None:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    binary, seeds, sets = parsed
    if not os.access(binary, os.X_OK):
        print(f"compare: {binary} cannot be run", file=sys.stderr)
        return 3
    report = Report()
    for rubric, *data in sets:
        report.add(rubric, os.path.dirname(rubric) or ".", compare_files(binary, rubric, data))
    if seeds:
        for label, folder, found in compare_seeds(binary, seeds):
            report.add(label, folder, found)
    return report.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
