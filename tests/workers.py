#!/usr/bin/env python3
"""Scripts in worker processes: the same bytes whoever works, and every death accounted for.

    tests/workers.py [--program build/kaoping]

With tests/workers/rubric.yaml, which has a script in every place that takes one, and data made here:

    same bytes   1, 2 and 7 workers, units in reverse, with and without address randomisation
    long json    written in pieces, to a file or not, and out of an archive
    levels       units that rest on others, whoever works and in whatever order they stand
    failing      units whose script fails leave nothing behind in others, and no word twice
    alone        a unit by itself gets the points it gets among others (but for figures of its class)
    death        kill -9 of a worker: said, exit 4, no output, no process left over; with --keep-going
                 all others are scored
    progress     told to a terminal only; Ctrl-C says what was not done
    parent       kill -9 and Ctrl-C of the program itself: no process left over, no output
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from golden import ROOT, TIMEOUT, environment  # noqa: E402

FOLDER = ROOT / "tests" / "workers"
UNITS = 3000  # three blocks
SLOW_UNITS = 20000  # some 20 s of work, of which the tests wait for a part of a second


def data(n, seed=1):
    """Rows of the data file, pure function of n and seed; some values missing, none, not applicable."""
    rng = random.Random(seed)
    words = "alpha Bravo charlie delta 回访 Echo, aha! basic Core".split()
    rows = []
    for i in range(n):
        received = rng.choice(["", "0", *map(str, range(1, 60))])
        answered = str(rng.randrange(int(received) + 1)) if received else rng.choice(["", "3"])
        rate = rng.choice(["", "无", f"{rng.uniform(0, 100):.2f}", "不适用(停报)", "X"])
        text = " ".join(rng.choices(words, k=rng.randrange(6))).replace(",", "，")
        rows.append([f"u{i:05}", rng.choice(["street", "town"]), received, answered, rate, text or "无",
                     rng.choice("甲乙丙"), rng.choice("否否否否是")])
    return rows


def write(path, rows):
    head = "id,class,received,answered,rate,name_text,level,false_material"
    path.write_text("\n".join([head, *map(",".join, rows)]) + "\n", encoding="utf-8")


class Run:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)

    def start(self, arguments, before=()):
        return subprocess.Popen(
            [*before, self.program, "score", *map(str, arguments)], env=environment(self.program, self.folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # What a shell starts in the background ignores SIGINT, and so would all that is started here.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def all(self, arguments, before=()):
        process = self.start(arguments, before)
        out, err = process.communicate(timeout=TIMEOUT)
        return process.returncode, out, err.decode(errors="replace")


def units_of(out):
    return {u["id"]: u for u in json.loads(out)["units"]}


def same_bytes(run):
    write(run.folder / "units.csv", data(UNITS))
    write(run.folder / "back" / "units.csv", data(UNITS)[::-1])
    for kind in ("csv", "json"):
        first = None
        for jobs in (1, 2, 7):
            arguments = [FOLDER / "rubric.yaml", run.folder / "units.csv", "--format", kind, "--jobs", jobs]
            status, out, err = run.all(arguments)
            if status != 0:
                yield f"--jobs {jobs}: exit {status}: {err[-400:]}"
                return
            first = out if first is None else first
            if out != first:
                yield f"{kind}: --jobs {jobs} gives other bytes than --jobs 1"
        if shutil.which("setarch"):
            status, out, _ = run.all(arguments, ("setarch", "-R"))
            # Where it is not allowed (a container), nothing can be said.
            if status == 0 and out != first:
                yield f"{kind}: without address randomisation other bytes"
        _, out, _ = run.all([FOLDER / "rubric.yaml", run.folder / "back" / "units.csv", "--format", kind])
        if kind == "csv" and out != first:
            yield "csv: units in reverse give other bytes"
        if kind == "json" and units_of(out) != units_of(first):
            yield "json: units in reverse give other results"


LONG = """kaoping: 1
id: long
title: 长表
period: 2024
total: 100
round: {item: 2, total: 2}
classes: [street, town]
missing: zero
not_applicable: rescale
deficiency: {below: 60%, severity: minor, remedy: "补报\\"台账\\"", due: 2025-03-01}
fields:
  received: {type: count}
  answered: {type: count}
  rate: {type: percent}
  name_text: {type: text}
  level: {type: choice, options: [甲, 乙, 丙]}
  false_material: {type: yesno}
sections:
  - id: all
    points: 100
    items:
      - {id: answered, points: 20, method: ratio, of: [answered, received], target: {street: 95%, town: 90%}}
      - {id: least, points: 10, method: short, field: answered, need: {street: 20, town: 12}, lose: 1}
      - {id: rate, points: 10, method: gap, field: rate, target: 90%, lose: 0.5 per 1%, partial_step: exact}
      - {id: class, points: 10, method: rank, field: rate, better: high, first: 10, step: 0.01}
      - {id: level, points: 10, method: choice, field: level, scores: {甲: 10, 乙: 5, 丙: 0}}
ITEMS
ranking: {vetoed: last}
"""


def long_json(run):
    """A JSON that is written in pieces: the same on standard output and in a file, whoever makes it,
    and as an archive's record of it says, where no item's words are kept for other units."""
    items = "".join(f"      - {{id: e{k}, points: 2, method: each, field: answered, earn: 0.{k + 10}}}\n" for k in range(20))
    rubric = run.folder / "long.yaml"
    rubric.write_text(LONG.replace("ITEMS\n", items), encoding="utf-8")
    write(run.folder / "units.csv", data(9000))  # 240,000 figures
    first = None
    for jobs in (1, 2, 7):
        out = run.folder / f"{jobs}.json"
        status, said, err = run.all([rubric, run.folder / "units.csv", "--format", "json", "--jobs", jobs])
        if status != 0:
            yield f"--jobs {jobs}: exit {status}: {err[-400:]}"
            return
        run.all([rubric, run.folder / "units.csv", "-o", out, "--jobs", jobs])
        first = first or said
        if said != first or out.read_bytes() != first:
            yield f"--jobs {jobs}: other bytes than --jobs 1 on standard output"
    run.all([rubric, run.folder / "units.csv", "--archive", run.folder / "runs.db"])
    export = [run.program, "archive", "export", "1", "--archive", "runs.db", "-o", "run"]
    ran = subprocess.run(export, cwd=run.folder, env=environment(run.program, run.folder), capture_output=True, timeout=TIMEOUT)
    if ran.returncode != 0 or (run.folder / "run" / "result.json").read_bytes() != first:
        yield f"an archive's record of it gives other bytes: exit {ran.returncode}: {ran.stderr[-400:]}"


def tree_of(n):
    """Towns under counties under cities, and villages under towns; most of them towns."""
    rng = random.Random(n)
    rows = []
    for i in range(n):
        kind = "city" if i < 3 else "county" if i < 60 else "town" if i < n - 900 else "village"
        above = {"city": None, "county": (0, 3), "town": (3, 60), "village": (60, n - 900)}[kind]
        rows.append([f"u{i:05}", kind, f"u{rng.randrange(*above):05}" if above else "",
                     str(rng.choice([0, 3, 3, 5, 8, 10]))])
    return rows


def write_tree(path, rows):
    path.write_text("\n".join(["id,class,parent,done", *map(",".join, rows)]) + "\n", encoding="utf-8")


def levels(run):
    """What rests on units of lower levels: the same whoever works, in whatever order they stand."""
    path, first = run.folder / "units.csv", None
    rows = tree_of(UNITS)
    for order in (rows, rows[::-1], random.Random(1).sample(rows, len(rows))):
        write_tree(path, order)
        for jobs in (1, 2, 7):
            arguments = [FOLDER / "levels.yaml", path, "--format", "csv", "--jobs", jobs]
            status, out, err = run.all(arguments)
            if status != 0:
                yield f"--jobs {jobs}: exit {status}: {err[-400:]}"
                return
            first = out if first is None else first
            if out != first:
                yield f"--jobs {jobs}, first {order[0][0]}: other bytes"
    rows[-1][3] = "99"  # a village, for which the script fails: nobody above is scored by it
    write_tree(path, rows)
    for jobs in (1, 2, 7):
        status, out, err = run.all([FOLDER / "levels.yaml", path, "--jobs", jobs])
        if status != 4 or out or err.count("[script-failed]") != 1:
            yield f"--jobs {jobs}, a village fails: exit {status}, {len(out)} bytes, {err[-400:]}"


def failing(run):
    """A unit that fails in the middle of a block is scored again by itself. With a waiver the script
    fails only where the unit is scored as if it had none, which is no error."""
    rows = [[f"u{i:05}", str(i % 9), str(i % 4)] for i in range(1500)]
    waived = {row[0] for row in rows[7::18]}
    rest = [row for row in rows if row[1] != "7" or row[0] in waived]
    write_failing = "unit: {}, item: fails, effect: not_applicable, reason: r, approved_by: office, until: 2024-12-31"
    waivers = run.folder / "waivers.yaml"
    waivers.write_text("waivers:\n" + "".join(f"  - {{{write_failing.format(u)}}}\n" for u in sorted(waived)))

    def scored(name, data, *options):
        path = run.folder / name
        path.write_text("\n".join(["id,received,answered", *map(",".join, data)]) + "\n")
        return run.all([FOLDER / "failing.yaml", path, "--waivers", waivers, "--format", "json", *options])

    status, out, err = scored("rest.csv", rest)
    if status != 0:
        yield f"without those that fail: exit {status}: {err[-400:]}"
        return
    fine = units_of(out)
    for jobs in (1, 2):
        status, out, err = scored("all.csv", rows, "--keep-going", "--jobs", jobs)
        units = units_of(out)
        wrong = sorted(u for u in fine if units[u] != fine[u])
        failed = sum(u["state"] == "error" for u in units.values())
        if status != 4 or failed != len(rows) - len(rest) or wrong:
            yield f"--jobs {jobs}: exit {status}, {failed} failed, other results: {wrong[:3]}"
        for unit, received, answered in rows:
            said = [d["text"] for d in units[unit]["deficiencies"] if d["kind"] == "script"]
            if unit in fine and said != [f"{answered} of {received}"] * (int(answered) < int(received)):
                yield f"--jobs {jobs}: the script of {unit} said {said}"
                break


def alone(run):
    rows = data(40, seed=2)
    for row in rows:
        row[4] = "50"  # the best of the class is the same for all
    write(run.folder / "units.csv", rows)
    arguments = ["--format", "json"]
    _, out, err = run.all([FOLDER / "rubric.yaml", run.folder / "units.csv", *arguments])
    together = units_of(out)
    for row in rows[:12]:
        write(run.folder / "one.csv", [row])
        _, out, err = run.all([FOLDER / "rubric.yaml", run.folder / "one.csv", *arguments])
        one = units_of(out)[row[0]]
        for key in ("total", "before_gates", "sections", "gates", "grade"):
            if one[key] != together[row[0]][key]:
                yield f"{row[0]} alone: {key} is {one[key]}, among others {together[row[0]][key]}"


def children_of(pid):
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(p) for p in text.split()]


def alive(pids):
    left = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            left.append(pid)
    return left


def started(run, name, *options):
    """The program at work, and its workers."""
    rows = "\n".join(f"u{i:05},{i % 9}" for i in range(SLOW_UNITS))
    (run.folder / "slow.csv").write_text(f"id,received\n{rows}\n")
    output = run.folder / name
    process = run.start([FOLDER / "slow.yaml", run.folder / "slow.csv", "-o", output, "--jobs", 2, *options])
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        workers = children_of(process.pid)
        # The scripts' own loading has a worker too, which is gone after a moment.
        time.sleep(0.3)
        if len(workers) == 2 and children_of(process.pid) == workers:
            return process, workers, output
    process.kill()
    process.communicate()
    return None, [], output


def leftover(run, workers, output, what):
    until = time.monotonic() + 5
    while alive(workers) and time.monotonic() < until:
        time.sleep(0.05)
    if alive(workers):
        yield f"{what}: a worker is left over"
    if list(run.folder.glob(f"*{output.name}*")):
        yield f"{what}: an output is left: {[p.name for p in run.folder.glob('*')]}"


def death(run):
    process, workers, output = started(run, "death.csv")
    if not process:
        yield "death: no two workers were seen"
        return
    os.kill(workers[0], signal.SIGKILL)
    _, err = process.communicate(timeout=TIMEOUT)
    err = err.decode(errors="replace")
    if process.returncode != 4 or "[worker-died]" not in err or "signal 9" not in err:
        yield f"death: exit {process.returncode}, not 4, or it does not say so: {err[-400:]}"
    yield from leftover(run, workers, output, "death")


def parent(run):
    for sign in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
        process, workers, output = started(run, "parent.csv")
        if not process:
            yield "parent: no two workers were seen"
            return
        process.send_signal(sign)
        process.communicate(timeout=TIMEOUT)
        yield from leftover(run, workers, output, f"parent, {sign.name}")


def at_terminal(run, arguments, until):
    """(exit status, what stood on the terminal) of a run whose standard error is one; Ctrl-C once it shows that.
    None: there is no terminal to be had."""
    try:
        ours, theirs = os.openpty()
    except OSError:  # a machine without terminals: nothing can be said
        return None
    process = subprocess.Popen(
        [run.program, "score", *map(str, arguments)], env=environment(run.program, run.folder), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=theirs, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # nobody has the other end any more
            break
        if not piece:
            break
        seen += piece
        if until in seen and process.poll() is None:
            process.send_signal(signal.SIGINT)
            until = b"\0"
    os.close(ours)
    return process.wait(timeout=TIMEOUT), seen.decode(errors="replace")


def progress(run):
    """A terminal is told how far it is, and what was not done when Ctrl-C ends it; a file is told nothing."""
    rows = "\n".join(f"u{i:05},{i % 9}" for i in range(SLOW_UNITS))
    (run.folder / "slow.csv").write_text(f"id,received\n{rows}\n")
    output = run.folder / "progress.csv"
    arguments = [FOLDER / "slow.yaml", run.folder / "slow.csv", "-o", output, "--jobs", 2]
    seen_there = at_terminal(run, arguments, b"% ")
    status, seen = seen_there or (128 + signal.SIGINT, "")
    if seen_there and not ("scoring " in seen and "units" in seen and " left" in seen and "nothing was written" in seen):
        yield f"on a terminal: {seen[-300:]!r}"
    if status != 128 + signal.SIGINT or output.exists():
        yield f"ended by Ctrl-C: exit {status}, {'an' if output.exists() else 'no'} output"
    process, _, _ = started(run, "progress.csv")
    if process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TIMEOUT)
        if b"nothing was written" not in err or b"units/s" in err or b"\x1b" in err:
            yield f"to a file: {err!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=ROOT / "build" / "kaoping", type=Path)
    program = str(parser.parse_args().program.resolve())
    passed = failed = 0
    for check in (same_bytes, long_json, levels, failing, alone, death, parent, progress):
        with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
            (Path(folder) / "back").mkdir()
            wrong = list(check(Run(program, folder)))
        for text in wrong:
            print(f"workers: {check.__name__}: {text}")
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"workers: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
