#!/usr/bin/env python3
"""Broken inputs: every finding expected is reported at its line, and no other.

    tests/bad.py [--program build/kaoping] [NAME...]

In tests/bad/

    x.yaml             a rubric, or data if its first line is `# rubric: NAME.yaml`
    x.test.yaml        a rubric's tests, run by `kaoping test`; it says `rubric: NAME.yaml`
    x.csv, x.json      data; a sidecar x.csv.expect names the rubric and holds what cannot stand in
                       the file (a .json without one is a rubric)
    x/                 a folder: rubric.yaml, data.* (any number, may be none), expect

The wrong line of a YAML file ends with `# expect: id` or `# expect: id, id`. A sidecar (any file may
have one, NAME.expect) and a folder's `expect` have lines

    14 not-a-count              of the file itself; of data.* in a folder with one such file
    data.csv:14 not-a-count     of another file of the test
    0 unit-twice                a finding without a line
    rubric: NAME.yaml           this file is data, to be checked against that rubric
    options: --ignore-unknown   more arguments for `kaoping check`
    # a comment

A test passes if `kaoping check` (or `test`) prints exactly the findings expected (file, line, id; a
finding's notes do not count) and exits with 4 if a script failed, 1 if one of them is another error, else 0.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from golden import ROOT, TIMEOUT, environment

BAD = ROOT / "tests" / "bad"
FINDING = re.compile(r"(?:(.+?):)?(?:(\d+):\d+:)? ?(error|warning): .* \[([a-z0-9-]+)\]$")
IN_FILE = re.compile(r"#\s*expect:\s*([\w, -]+?)\s*$")
IN_SIDECAR = re.compile(r"(?:([^\s:]+):)?(\d+)\s+([\w, -]+?)$")


class Test:
    def __init__(self, path):
        self.name = path.name
        self.expected = set()  # (file name, line, id)
        self.options = []
        self.command = "check"
        self.problems = []
        if path.is_dir():
            self.folder = path
            self.rubric = "rubric.yaml"
            self.data = sorted(p.name for p in path.glob("data.*") if p.suffix != ".expect")
            self.read_sidecar(path / "expect", self.data[0] if len(self.data) == 1 else None)
            for other in sorted(path.glob("*.y*ml")):
                self.read_comments(other)
        else:
            self.folder = path.parent
            self.rubric, self.data = path.name, []
            if path.name.endswith(".test.yaml"):
                self.command = "test"
            first = path.read_bytes().split(b"\n")[0].decode(errors="replace")
            if match := re.match(r"# rubric:\s*(\S+)", first):
                self.rubric, self.data = match.group(1), [path.name]
            if path.suffix in (".yaml", ".yml"):
                self.read_comments(path)
            self.read_sidecar(path.with_name(path.name + ".expect"), path.name)
        self.names = {name for name, _, _ in self.expected} | {self.rubric, *self.data}
        if not (self.folder / self.rubric).is_file():
            self.problems.append(f"no rubric {self.rubric}")
        if path.suffix == ".csv" and not self.data:
            self.problems.append(f"no `rubric: NAME.yaml` in {path.name}.expect")

    def read_comments(self, path):
        text = path.read_bytes().decode(errors="replace")
        for number, line in enumerate(text.split("\n"), 1):
            if match := IN_FILE.search(line):
                self.expect(path.name, number, match.group(1))

    def read_sidecar(self, path, about):
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8").split("\n"):
            line = line.strip()
            if line.startswith("rubric:"):
                self.rubric, self.data = line[len("rubric:"):].strip(), [about]
            elif line.startswith("options:"):
                self.options = shlex.split(line[len("options:"):])
            elif match := IN_SIDECAR.match(line):
                self.expect(match.group(1) or about, int(match.group(2)), match.group(3))
            elif line and not line.startswith("#"):
                self.problems.append(f"{path.name}: cannot read `{line}`")

    def expect(self, name, line, ids):
        if name is None:
            self.problems.append(f"which file is line {line} of?")
        self.expected.update((name, line, i.strip()) for i in ids.split(","))


def findings(text):
    """({(file name, line, id)}, whether one is an error) of what was printed."""
    found, error = set(), False
    for line in text.split("\n"):
        if match := FINDING.match(line):
            path, number, severity, word = match.groups()
            found.add((path, int(number or 0), word))
            error = error or severity == "error"
    return found, error


def show(finding):
    return f"{finding[0] or '(no file)'}:{finding[1]} [{finding[2]}]"


def run(test, program):
    """A list of what is wrong; empty if nothing is."""
    if test.problems:
        return test.problems
    command = [str(Path(program).resolve()), test.command, test.rubric, *test.data, *test.options]
    with tempfile.TemporaryDirectory(prefix="kaoping-") as out:
        try:
            ran = subprocess.run(
                command, cwd=test.folder, env=environment(program, out), timeout=TIMEOUT,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
        except subprocess.TimeoutExpired:
            return [f"still running after {TIMEOUT} s"]
    text = ran.stdout.decode(errors="replace")
    found, error = findings(text)
    # A finding without a file is expected as line 0 of the file that the test is about.
    about = (test.data or [test.rubric])[0]
    found = {(path if path is not None else about, line, word) for path, line, word in found}
    wrong = [f"expected {show(f)}" for f in sorted(test.expected - found)]
    wrong += [f"not expected: {show(f)}" for f in sorted(found - test.expected)]
    failed = any(word in ("script-failed", "worker-died") for _, _, word in found)
    status = 4 if failed else 1 if error else 0
    if ran.returncode != status:
        wrong.append(f"expected exit status {status}, got {ran.returncode}")
    if wrong:
        wrong.append("$ kaoping " + shlex.join(command[1:]) + "\n" + text.rstrip())
    return wrong


def main():
    parser = argparse.ArgumentParser(description="Holds broken inputs against findings.")
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"), help="what is tested")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    args = parser.parse_args()

    if not os.access(args.program, os.X_OK):
        parser.error(f"cannot run {args.program}")
    inputs = (".yaml", ".yml", ".csv", ".json")
    paths = [BAD / name for name in args.names]
    paths = paths or sorted(p for p in BAD.glob("*") if p.is_dir() or p.suffix in inputs)
    for path in paths:
        if not path.exists():
            parser.error(f"no test {path.name}")

    tests, failed = [Test(path) for path in paths], 0
    with ThreadPoolExecutor(2) as pool:
        for test, wrong in zip(tests, pool.map(lambda t: run(t, args.program), tests)):
            if wrong:
                failed += 1
                print(f"bad: {test.name} failed\n    " + "\n".join(wrong).replace("\n", "\n    "))
    print(f"bad: {len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
