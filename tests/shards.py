#!/usr/bin/env python3
"""A run made in shards is the run: score --shard I/N and merge give the bytes that one score gives.

    tests/shards.py [--program build/kaoping] [--flips 60]

For N = 1, 2, 7 and parts in any order, of plain rubrics, quotas with tie-breaks, and scripts; with shards run
by GNU parallel where it is installed; a shard that is killed leaves nothing and is made again alone. Parts of
another rubric, of other data, of another number of shards, one that is missing, twice there or damaged are
refused, and nothing is written. A part whose bytes were changed together with its digest may give other
scores, but neither a crash nor a hang.
"""

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "oracle"))

from bulk import HEAD, ROWS, SCRIPTED, SCRIPTS, SHEET, csv_text  # noqa: E402
from golden import ROOT, TIMEOUT, environment  # noqa: E402

DIGEST = 72


class Shards:
    def __init__(self, program, folder):
        self.program, self.folder, self.passed, self.failures = program, folder, 0, []
        self.env = environment(program, folder)

    def run(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], timeout=TIMEOUT, capture_output=True,
                              env=self.env, cwd=self.folder)

    def check(self, fine, what, detail=b""):
        self.passed += bool(fine)
        if not fine:
            self.failures.append(f"{what} {detail.decode(errors='replace')[-300:]}")

    def parts(self, rubric, data, n, name="part"):
        paths = [self.folder / f"{name}-{n}-{i}.kpp" for i in range(1, n + 1)]
        for i, path in enumerate(paths, 1):
            done = self.run("score", rubric, data, "--shard", f"{i}/{n}", "-o", path)
            self.check(done.returncode == 0 and path.exists(), f"shard {i}/{n} of {rubric}", done.stderr)
        return paths

    def merged(self, *arguments):
        out = self.folder / "merged.csv"
        out.unlink(missing_ok=True)
        done = self.run("merge", *arguments, "-o", out)
        return done, out.read_bytes() if out.exists() else None

    def whole(self, rubric, data, *more):
        done = self.run("score", rubric, data, "--encoding", "utf-8", "-o", "whole.csv", *more)
        return done, (self.folder / "whole.csv").read_bytes()


def same_bytes(s, rubric, data):
    rng = random.Random(3)
    alone, wanted = s.whole(rubric, data)
    for n in (1, 2, 7):
        parts = s.parts(rubric, data, n)
        rng.shuffle(parts)
        for jobs in ("1", "3"):
            done, got = s.merged(*parts, "--jobs", jobs)
            s.check(got == wanted and done.returncode == alone.returncode, f"{rubric}: {n} shards, --jobs {jobs}", done.stderr)
            s.check(done.stderr == alone.stderr, f"{rubric}: findings of {n} shards", done.stderr)
    columns = ["--columns", "rank,id,total,deficient", "--top", "5"]
    _, wanted = s.whole(rubric, data, *columns)
    _, got = s.merged(*parts, *columns)
    s.check(got == wanted, f"{rubric}: --columns, --top")


def by_parallel(s, rubric, data):
    if not shutil.which("parallel"):
        return
    command = f"{s.program} score {rubric} {data} --shard {{}}/5 -o parallel-{{}}.kpp"
    done = subprocess.run(["parallel", "--will-cite", "-j", "2", command, ":::", "3", "1", "5", "2", "4"],
                          capture_output=True, env=s.env, cwd=s.folder, timeout=TIMEOUT)
    s.check(done.returncode == 0, "GNU parallel", done.stderr)
    _, got = s.merged(*sorted(s.folder.glob("parallel-*.kpp")))
    s.check(got == s.whole(rubric, data)[1], "GNU parallel: the same bytes")


def killed(s, rubric, data):
    parts = s.parts(rubric, data, 3, "killed")
    _, wanted = s.whole(rubric, data)
    for delay in (0.01, 0.03, 0.06):
        parts[1].unlink(missing_ok=True)
        with subprocess.Popen([s.program, "score", rubric, data, "--shard", "2/3", "-o", parts[1]], env=s.env,
                              cwd=s.folder, stderr=subprocess.DEVNULL) as process:
            time.sleep(delay)
            process.kill()
        if not parts[1].exists():
            done, got = s.merged(*[p for p in parts if p.exists()])
            s.check(done.returncode == 1 and got is None and b"shard 2 of 3 is missing" in done.stderr, "killed", done.stderr)
    s.run("score", rubric, data, "--shard", "2/3", "-o", parts[1])
    s.check(s.merged(*parts)[1] == wanted, "a shard that is run again alone")
    for path in s.folder.glob(".kaoping-*"): # SIGKILL leaves what it was writing
        path.unlink()


def refused(s, rubric, data):
    parts = s.parts(rubric, data, 3, "refused")
    other = s.folder / "other.yaml"
    other.write_text(SHEET.replace("points: 30", "points: 30, title: 别的", 1).replace("title: 会议, ", ""), encoding="utf-8")
    more = s.folder / "more.csv"
    more.write_text(csv_text([*ROWS, "u-x,单位,街道,3,50%,是,好,5,"]), encoding="utf-8")
    of_rubric = s.parts(other, data, 3, "rubric")
    of_data = s.parts(rubric, more, 3, "data")
    of_two = s.parts(rubric, data, 2, "two")
    cut = s.folder / "cut.kpp"
    cut.write_bytes(parts[1].read_bytes()[:-1000])
    text = s.folder / "text.kpp"
    text.write_text("no part", encoding="utf-8")
    for what, given, said in [
        ("missing", [parts[0], parts[2]], b"shard 2 of 3 is missing"),
        ("the last missing", parts[:2], b"shard 3 of 3 is missing"),
        ("twice", [*parts, parts[1]], b"shard 2 is there twice"),
        ("another rubric", [parts[0], of_rubric[1], parts[2]], b"by another rubric"),
        ("other data", [parts[0], of_data[1], parts[2]], b"of other data"),
        ("another number", [parts[0], of_two[1], parts[2]], b"shard 2 of 2"),
        ("cut off", [parts[0], cut, parts[2]], b"damaged"),
        ("no part", [parts[0], text, parts[2]], b"no part of a run"),
        ("no file", [parts[0], s.folder / "none.kpp"], b"cannot be read"),
        ("a folder", [parts[0], s.folder], b"cannot be read"),
    ]:
        done, got = s.merged(*given)
        s.check(done.returncode == 1 and got is None and said in done.stderr and b"[part-refused]" in done.stderr, what, done.stderr)
    rows = csv_text([*ROWS[:100], "x-1,a,街道,三次左右,50%,是,好,5,", *ROWS[100:]])
    more.write_text(rows, encoding="utf-8")
    done = s.run("score", rubric, more, "--shard", "1/3", "-o", "bad.kpp")
    s.check(done.returncode == 1 and b"[no-shards]" in done.stderr and not (s.folder / "bad.kpp").exists(), "a wrong cell", done.stderr)
    more.write_text(csv_text([*ROWS, ROWS[5]]), encoding="utf-8")
    done, got = s.merged(*s.parts(rubric, more, 2, "double"))
    s.check(done.returncode == 1 and got is None and b"twice" in done.stderr, "an id in two shards", done.stderr)
    for wrong in ("0/3", "4/3", "1/0", "x", "1/", "-1/3", "1/3x"):
        done = s.run("score", rubric, data, "--shard", wrong, "-o", "wrong.kpp")
        s.check(done.returncode == 2, f"--shard {wrong}", done.stderr)
    done = s.run("score", rubric, data, "--shard", "1/3", "-o", "wrong.csv")
    s.check(done.returncode == 2, "a part with another name", done.stderr)


def changed(s, rubric, data, flips):
    """Bytes changed, and the digest made to fit again."""
    rng = random.Random(5)
    parts = s.parts(rubric, data, 2, "changed")
    good = parts[1].read_bytes()
    for k in range(flips):
        bad = bytearray(good)
        for _ in range(rng.choice((1, 1, 4, 40))):
            at = rng.randrange(400) if k % 3 == 0 else rng.randrange(len(bad) - DIGEST)
            bad[at] = rng.choice((0, 1, 255, rng.randrange(256)))
        bad[-DIGEST:] = b"sha256:" + hashlib.sha256(bad[:-DIGEST]).hexdigest().encode() + b"\0"
        parts[1].write_bytes(bad)
        done, got = s.merged(*parts)
        s.check(done.returncode in (0, 1) and (got is not None) == (done.returncode == 0), f"changed bytes {k}", done.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"))
    parser.add_argument("--flips", default=60, type=int)
    options = parser.parse_args()
    assert HEAD.startswith("id,name,class")
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        s = Shards(str(Path(options.program).resolve()), Path(folder))
        data, rubric, scripted = s.folder / "units.csv", s.folder / "rubric.yaml", s.folder / "scripted.yaml"
        data.write_text(csv_text(ROWS), encoding="utf-8")
        rubric.write_text(SHEET, encoding="utf-8")
        scripted.write_text(SCRIPTED, encoding="utf-8")
        for name, text in SCRIPTS.items():
            (s.folder / name).write_text(text, encoding="utf-8")
        same_bytes(s, rubric, data)
        same_bytes(s, scripted, data)
        by_parallel(s, rubric, data)
        killed(s, rubric, data)
        refused(s, rubric, data)
        changed(s, rubric, data, options.flips)
        s.check(not list(s.folder.glob(".kaoping-*")), "no temporary files are left")
    for failure in s.failures:
        print(f"FAIL {failure}")
    print(f"shards: {s.passed} passed, {len(s.failures)} failed")
    return 1 if s.failures else 0


if __name__ == "__main__":
    sys.exit(main())
