#!/usr/bin/env python3
"""Golden tests: what a command printed once must be what it prints now.

    tests/golden.py [--program build/kaoping] [NAME...]     run all, or those named
    tests/golden.py --accept [NAME...]                      take what comes now as right

A test is a folder tests/golden/NAME with

    cmd      shell lines, run in that folder by sh; `kaoping` is the program under test
    stdout   what must come on standard output  } a missing file: nothing
    stderr   on standard error                  }
    exit     the exit status of the last line; a missing file: 0
    ...      inputs of its own

A command may write files into "$OUT", an empty folder of its own, and print them; the folder's name
is shown as $OUT. Everything else that could differ between machines is set here:
English, UTF-8, 80 columns, no colour, UTC.
"""

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
TIMEOUT = 120  # seconds; a test takes milliseconds, with sanitizers tenths of a second


def environment(program, out):
    """What the program sees: nothing of the machine but what sanitizers and coverage need."""
    kept = ("ASAN_", "UBSAN_", "LSAN_", "GCOV_")
    env = {k: v for k, v in os.environ.items() if k.startswith(kept)}
    path = str(Path(program).resolve().parent) + os.pathsep + os.environ.get("PATH", os.defpath)
    env.update(PATH=path, HOME=str(out), TMPDIR=str(out), OUT=str(out))
    env.update(LANGUAGE="en", LANG="C.UTF-8", COLUMNS="80", NO_COLOR="1", TZ="UTC")
    return env


def run(folder, program):
    """{file name: bytes} of what came out."""
    with tempfile.TemporaryDirectory(prefix="kaoping-") as out:
        command = ["sh", "-c", (folder / "cmd").read_text(encoding="utf-8")]
        try:
            ran = subprocess.run(
                command, cwd=folder, env=environment(program, out), stdin=subprocess.DEVNULL,
                capture_output=True, timeout=TIMEOUT,
            )
        except subprocess.TimeoutExpired:
            return {"stdout": b"", "stderr": b"", "exit": b"still running after %d s\n" % TIMEOUT}
    shown = {"stdout": ran.stdout, "stderr": ran.stderr}
    came = {name: text.replace(out.encode(), b"$OUT") for name, text in shown.items()}
    came["exit"] = b"%d\n" % ran.returncode if ran.returncode else b""
    return came


def expected(folder, name):
    path = folder / name
    return path.read_bytes() if path.exists() else b""


def lines(text):
    """Lines for a diff in which nothing is invisible."""
    shown = text.decode("utf-8", "backslashreplace").replace("\ufeff", "<BOM>")
    parts = shown.replace("\r", "<CR>").replace("\t", "<TAB>").replace("\x1b", "<ESC>").split("\n")
    if parts and not parts[-1]:
        return parts[:-1]
    return parts[:-1] + [parts[-1] + "<no newline>"]


def differences(folder, came):
    """The differences as text; empty if there is none."""
    text = []
    for name, got in sorted(came.items()):
        wanted = expected(folder, name)
        if got != wanted:
            place = f"tests/golden/{folder.name}/{name}"
            diff = difflib.unified_diff(lines(wanted), lines(got), place, "what came", lineterm="")
            text += list(diff) or [f"{place}: bytes differ that no diff can show"]
    return "\n".join(text)


def accept(folder, came):
    """Writes what came; True if that changed anything."""
    changed = False
    for name, got in came.items():
        if got != expected(folder, name):
            changed = True
            if got:
                (folder / name).write_bytes(got)
            else:
                (folder / name).unlink()
    return changed


def main():
    parser = argparse.ArgumentParser(description="Runs the golden tests.")
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"), help="what is tested")
    parser.add_argument("--accept", action="store_true", help="rewrite what is expected")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    args = parser.parse_args()

    if not os.access(args.program, os.X_OK):
        parser.error(f"cannot run {args.program}")
    folders = [GOLDEN / name for name in args.names]
    folders = folders or sorted(cmd.parent for cmd in GOLDEN.glob("*/cmd"))
    for folder in folders:
        if not (folder / "cmd").is_file():
            parser.error(f"no test {folder.name}")

    failed = changed = 0
    with ThreadPoolExecutor(2) as pool:
        for folder, came in zip(folders, pool.map(lambda f: run(f, args.program), folders)):
            if args.accept:
                if accept(folder, came):
                    changed += 1
                    print(f"golden: {folder.name} rewritten")
                continue
            text = differences(folder, came)
            if text:
                failed += 1
                print(f"golden: {folder.name} failed\n{text}")
    if args.accept:
        print(f"golden: {len(folders)} tests, {changed} rewritten: review with git diff")
        return 0
    print(f"golden: {len(folders) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
