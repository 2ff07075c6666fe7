#!/usr/bin/env python3
"""The archive of runs: nothing that was reported as written is lost, nothing that was changed passes.

    tests/archive.py [--program build/kaoping] [--kills 40] [--step 97]

    kills      two processes write while one or both are killed with SIGKILL at a random moment; after each
               the archive opens, holds whole runs only, and every run that was reported
    writers    two processes, ten runs each, at the same time: twenty runs
    flips      every STEPth byte of the file is changed, and every byte of the stored inputs and results:
               `verify` finds it, or nothing that is stored is another
    disk       the file may not grow: exit 3, a clear message, the archive as it was before
    foreign    what is no archive is refused, and not touched
    forged     other inputs under a right seal: scoring them again tells
    rows       removed, changed and swapped rows are found even where the file itself is sound
"""

import argparse
import hashlib
import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from golden import ROOT, TIMEOUT, environment  # noqa: E402

RUBRIC = ROOT / "tests" / "archive" / "rubric.yaml"
UNITS = 3000  # so many that the transaction takes a noticeable part of the time
TABLES = ("run", "input", "block", "unit", "seal")


def make_units(path, n, seed):
    rng = random.Random(seed)
    rows = [f"u{i:05},第{i}单位,{'甲乙'[i % 2]},{rng.randrange(15)},{rng.randrange(1000) / 10},{rng.choice('是否是是')}"
            for i in range(n)]
    path.write_text("id,name,class,sessions,rate,formed\n" + "\n".join(rows) + "\n", encoding="utf-8")


class Archive:
    """An archive in a folder of its own, and the program that writes and reads it."""

    def __init__(self, program, folder, units=UNITS):
        self.program, self.folder = program, Path(folder)
        self.path, self.data = self.folder / "runs.db", self.folder / "units.csv"
        make_units(self.data, units, 1)

    def start(self, *arguments, limit=None):
        def before():
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            [self.program, *map(str, arguments)], env=environment(self.program, self.folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before,
        )

    def call(self, *arguments, limit=None):
        """(exit status, stdout, stderr)"""
        process = self.start(*arguments, limit=limit)
        out, err = process.communicate(timeout=TIMEOUT)
        return process.returncode, out.decode(errors="replace"), err.decode(errors="replace")

    def score(self, reason="again"):
        return ["score", RUBRIC, self.data, "--archive", self.path, "--reason", reason,
                "--only", "u00001", "-f", "csv"]  # a pipe that nobody reads yet must not hold it up

    def keep(self, reason="again", limit=None):
        return self.call(*self.score(reason), limit=limit)

    def verify(self, path=None):
        return self.call("archive", "verify", "--archive", path or self.path)


def kept(err):
    """The number of the run that the program reported as written."""
    found = re.search(r"Archived as run (\d+)", err)
    return int(found.group(1)) if found else None


def rows(path):
    """Everything that is stored, or None where SQLite cannot read it."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            db.text_factory = bytes
            return {t: db.execute(f"SELECT * FROM {t} ORDER BY 1, 2").fetchall() for t in TABLES}
    except (sqlite3.Error, ValueError):
        return None
    finally:
        if "db" in locals():
            db.close()


def half_runs(archive, reported):
    """What is wrong with an archive in which these runs must be."""
    status, out, err = archive.call("archive", "list", "--archive", archive.path, "-f", "json")
    if status != 0:
        yield f"list: exit {status}: {err}"
        return
    stored = rows(archive.path)
    ids = [row[0] for row in stored["run"]]
    if ids != list(range(1, len(ids) + 1)):
        yield f"the runs are {ids}"
    for lost in sorted(reported - set(ids)):
        yield f"run {lost} was reported as written and is not there"
    units = [row[0] for row in stored["unit"]]
    for run in ids:
        if units.count(run) != UNITS or run not in [row[0] for row in stored["seal"]]:
            yield f"run {run} is not whole: {units.count(run)} units"
    if set(units) - set(ids):
        yield "there are units of runs that are not there"


def kills(program, options):
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        archive, reported, rng = Archive(program, folder), set(), random.Random(options.seed)
        begin = time.monotonic()
        reported.add(kept(archive.keep()[2]))
        usual = time.monotonic() - begin
        killed = 0
        for _ in range(options.kills):
            both = [archive.start(*archive.score()) for _ in range(2)]
            time.sleep(rng.uniform(0, 1.8 * usual))
            for process in both[: rng.choice((1, 2))]:
                process.kill()
            for process in both:
                _, err = process.communicate(timeout=TIMEOUT)
                killed += process.returncode == -9
                number = kept(err.decode(errors="replace"))
                if number:
                    reported.add(number)
                elif process.returncode != -9:
                    yield f"a writer that was not killed: exit {process.returncode}: {err.decode()}"
            if wrong := list(half_runs(archive, reported)):
                yield from wrong
                return
            if len(reported) > 60:  # the checks above grow with the file
                os.remove(archive.path)
                reported = {kept(archive.keep()[2])}
        status, out, err = archive.verify()
        if status != 0:
            yield f"verify: exit {status}: {out[-400:]}{err[-400:]}"
        if killed < options.kills // 4:
            yield f"only {killed} of {options.kills} were killed in time: nothing was tested"


def writers(program, options):
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        archive = Archive(program, folder)
        with ThreadPoolExecutor(2) as pool:
            ran = list(pool.map(lambda i: archive.keep(f"no. {i}"), range(20)))
        for status, _, err in ran:
            if status != 0:
                yield f"exit {status}: {err}"
        reported = [kept(err) for _, _, err in ran]
        if sorted(reported) != list(range(1, 21)):
            yield f"reported as written: {reported}"
        yield from half_runs(archive, set(reported))
        # Each supersedes exactly one, and each is superseded by one: no two corrected the same run.
        supersedes = sorted(row[9] or 0 for row in rows(archive.path)["run"])
        if supersedes != list(range(20)):
            yield f"superseded: {supersedes}"
        # Without a reason only one of two gets in.
        os.remove(archive.path)
        arguments = [a for a in archive.score() if a not in ("--reason", "again")]
        both = [archive.start(*arguments) for _ in range(2)]
        ended = sorted(p.wait(TIMEOUT) for p in both if p.communicate())
        if ended != [0, 2] or len(rows(archive.path)["run"]) != 1:
            yield f"two first runs at once: exits {ended}"


def blob_ranges(path):
    """(from, to) in the file of the stored inputs and results, as far as they lie in one piece there."""
    data, found = path.read_bytes(), []
    for table in ("input", "block"):
        for row in rows(path)[table]:
            blob = row[-1]
            for begin in range(0, len(blob), 512):
                piece = blob[begin : begin + 512]
                at = data.find(piece)
                if at >= 0 and len(piece) > 16:
                    found.append((at, at + len(piece)))
    return found


def flips(program, options):
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        archive = Archive(program, folder, units=20)
        archive.keep("first")
        make_units(archive.data, 20, 2)
        archive.keep("second")
        whole, data = rows(archive.path), archive.path.read_bytes()
        ranges = blob_ranges(archive.path)
        must = [at for begin, end in ranges for at in range(begin, end)]
        must = must if options.every else must[:: max(1, len(must) // 600)]
        places = [(at, True) for at in must] + [(at, False) for at in range(0, len(data), options.step)]
        if len(ranges) < 4:
            yield "the stored bytes were not found in the file"

        def flip(place):
            at, strictly = place
            rng = random.Random(at)
            changed = bytearray(data)
            changed[at] ^= rng.randrange(1, 256)
            path = Path(folder, f"flip-{at}-{strictly}.db")
            path.write_bytes(changed)
            status, out, err = archive.verify(path)
            same = not strictly and rows(path) == whole
            path.unlink()
            if status == 0 and not same:
                return f"byte {at} was changed and not found: {out}"
            if status not in (0, 1, 3) or "Sanitizer" in err:
                return f"byte {at}: exit {status}: {err[-600:]}"
            return None

        with ThreadPoolExecutor(2) as pool:
            yield from list(filter(None, pool.map(flip, places)))[:10]


def disk(program, options):
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        archive = Archive(program, folder)
        for limit in (0, 4096, 20000, 60000, 100000):
            if archive.path.exists():
                os.remove(archive.path)
            status, _, err = archive.keep(limit=limit)
            if status != 3 or "cannot write the archive" not in err or kept(err):
                yield f"new, at most {limit} bytes: exit {status}: {err}"
            status, out, err = archive.verify()
            if archive.path.exists() and (status != 0 or "empty" not in out):
                yield f"new, at most {limit} bytes, afterwards: exit {status}: {out}{err}"
        os.remove(archive.path)
        archive.keep()
        size, before = archive.path.stat().st_size, rows(archive.path)
        for limit in (size, size + 4096, size + 40960):
            status, _, err = archive.keep(limit=limit)
            if status != 3 or "cannot write the archive" not in err:
                yield f"at most {limit} bytes: exit {status}: {err}"
            if archive.verify()[0] != 0 or rows(archive.path) != before:
                yield f"at most {limit} bytes: the archive is not what it was"
        if archive.keep()[0] != 0 or len(rows(archive.path)["run"]) != 2:
            yield "with room again it cannot be written"
        for path in ("/dev/full", "/dev/null", folder, Path(folder, "no", "such.db")):
            arguments = [path if a == archive.path else a for a in archive.score()]
            status, _, err = archive.call(*arguments)
            if status != 3 or "error:" not in err:
                yield f"--archive {path}: exit {status}: {err}"


def foreign(program, options):
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        archive = Archive(program, folder, units=20)
        archive.keep()
        data = archive.path.read_bytes()
        other = Path(folder, "other.db")
        with sqlite3.connect(other) as db:
            db.execute("CREATE TABLE t(x)")
        db.close()
        sqlite = other.read_bytes()
        newer = data[:60] + (99).to_bytes(4, "big") + data[64:]
        cases = {
            "text": (b"id,name\nx,y\n" * 100, "no archive of kaoping"),
            "zeros": (bytes(5000), "no archive of kaoping"),
            "database": (sqlite, "no archive of kaoping"),
            "newer": (newer, "newer kaoping"),
            "truncated": (data[:5000], "damaged"),
        }
        for name, (content, message) in cases.items():
            path = Path(folder, f"{name}.db")
            path.write_bytes(content)
            arguments = [path if a == archive.path else a for a in archive.score()]
            for call in (["archive", "list", "--archive", path], ["history", "u00001", "--archive", path], arguments):
                status, _, err = archive.call(*call)
                if status != 3 or message not in err:
                    yield f"{name}: {call[0]}: exit {status}: {err}"
            if path.read_bytes() != content:
                yield f"{name}: the file was changed"
        empty = Path(folder, "empty.db")
        empty.touch()
        if archive.call("archive", "list", "--archive", empty)[0] != 0:
            yield "an empty file is an empty archive"
        if archive.call(*[empty if a == archive.path else a for a in archive.score()])[0] != 0:
            yield "an empty file cannot be written to"


def rows_changed(program, options):
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        archive = Archive(program, folder, units=20)
        for i in range(3):
            make_units(archive.data, 20, i)
            archive.keep(f"no. {i}")
        data = archive.path.read_bytes()
        with sqlite3.connect(archive.path) as db:
            triggers = [row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
            for sql in ("UPDATE unit SET total = 99", "DELETE FROM run"):
                try:
                    db.execute(sql)
                    yield f"{sql} is let through"
                except sqlite3.IntegrityError:
                    pass
        db.close()
        changes = [
            "UPDATE unit SET total = '99.99' WHERE run = 2 AND n = 0",
            "UPDATE unit SET name = 'x' WHERE run = 1 AND n = 3",
            "UPDATE run SET reason = 'because' WHERE id = 3",
            "UPDATE run SET created = '2020-01-01T00:00:00Z' WHERE id = 1",
            "UPDATE run SET supersedes = NULL WHERE id = 2",
            "UPDATE run SET options = 'keep-going' || char(10) WHERE id = 1",
            "DELETE FROM unit WHERE run = 2 AND n = 19",
            "DELETE FROM input WHERE run = 1 AND role = 'data'",
            "UPDATE block SET bytes = (SELECT bytes FROM block WHERE run = 1 AND n = 0) WHERE run = 2 AND n = 0",
            "UPDATE input SET bytes = (SELECT bytes FROM input WHERE run = 1 AND n = 1) WHERE run = 2 AND n = 1",
            "DELETE FROM seal WHERE run = 3",
            "UPDATE seal SET digest = 'sha256:' || hex(zeroblob(32)) WHERE run = 1",
            "DELETE FROM run WHERE id = 2",
            "INSERT INTO unit SELECT 9, n, id, name, class, total, rank, grade FROM unit WHERE run = 1",
        ]
        for sql in changes:
            archive.path.write_bytes(data)
            with sqlite3.connect(archive.path) as db:
                for table in TABLES:
                    db.execute(f"DROP TRIGGER {table}_stays")
                    db.execute(f"DROP TRIGGER {table}_unchanged")
                db.execute(sql)
                for trigger in triggers:
                    db.execute(trigger)
            db.close()
            status, out, err = archive.verify()
            if status not in (1, 3):
                yield f"{sql}: exit {status}: {out}{err}"


def seal(db, run):
    """The digest of a run as docs/years.md tells it, worked out anew."""
    digest = hashlib.sha256()
    for sql in ("SELECT run, digest FROM seal WHERE run = ? - 1", "SELECT * FROM run WHERE id = ?",
                "SELECT * FROM input WHERE run = ? ORDER BY n", "SELECT * FROM block WHERE run = ? ORDER BY n",
                "SELECT * FROM unit WHERE run = ? ORDER BY n"):
        for row in db.execute(sql, (run,)):
            for value in row:
                kind = {int: 1, str: 3, bytes: 4, type(None): 5}[type(value)]
                content = value if kind == 4 else b"" if kind == 5 else str(value).encode()
                digest.update(bytes([kind]) + len(content).to_bytes(8, "little") + content)
        digest.update(b"|")
    return "sha256:" + digest.hexdigest()


def forged(program, options):
    """Other inputs under a right seal: only scoring again can tell."""
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        archive = Archive(program, folder, units=20)
        archive.keep()
        data = archive.data.read_bytes()
        other = re.sub(rb"(u00003,[^,]*,[^,]*),[0-9]+,", rb"\1,14,", data).replace("u00007,第7".encode(), "u00007,第八".encode())
        with sqlite3.connect(archive.path) as db:
            if seal(db, 1) != db.execute("SELECT digest FROM seal").fetchone()[0]:
                yield "the seal is not what the documentation says"
            triggers = [row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
            for table in ("input", "seal"):
                db.execute(f"DROP TRIGGER {table}_stays")
                db.execute(f"DROP TRIGGER {table}_unchanged")
            db.execute("UPDATE input SET bytes = ?, digest = ? WHERE role = 'data'",
                       (len(other).to_bytes(8, "little") + zlib.compress(other),
                        "sha256:" + hashlib.sha256(other).hexdigest()))
            db.execute("UPDATE seal SET digest = ?", (seal(db, 1),))
            dropped = [t for t in triggers if " ON input " in t or " ON seal " in t]
            for trigger in triggers:
                if trigger not in dropped:
                    db.execute("DROP TRIGGER " + trigger.split()[2])
            for trigger in triggers:
                db.execute(trigger)
        db.close()
        status, out, err = archive.verify()
        if status != 1 or "comes out otherwise" not in out or "u00003" not in out or "第八" not in out:
            yield f"other inputs: exit {status}: {out}{err}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=ROOT / "build" / "kaoping", type=Path)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--step", type=int, default=97)
    parser.add_argument("--every", action="store_true", help="every byte of what is stored")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("names", nargs="*", help="only these checks")
    options = parser.parse_args()
    program = str(options.program.resolve())
    passed = failed = 0
    for check in (kills, writers, flips, disk, foreign, rows_changed, forged):
        if options.names and check.__name__ not in options.names:
            continue
        wrong = list(check(program, options))
        for text in wrong:
            print(f"archive: {check.__name__}: {text}")
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"archive: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
