#!/usr/bin/env python3
"""Scripts that attack the engine: each must be refused, stopped or harmless, and cost others nothing.

    tests/attacks.py [--program build/kaoping] [--seconds 1] [--folder FOLDER] [NAME...]

In tests/attacks/ (or FOLDER) each NAME.lua begins with what must become of it and what it tries:

    -- expect: limit|memory: doubled thirty times
    -- expect: refused os: reads the clock
    -- expect: error 'inner': an error raised through two C functions
    -- expect: ok 9: methods of texts work

    limit    the step limit             refused  a name that is not there, or that cannot be written
    memory   the limit of memory        state    keeps something from one call to the next
    error    any other error            points   what it returned is no number of points
    warned   a warning about the interpreter's own faults
    ok       runs, and earns the points given

Alternatives stand between |; what follows must occur in the message. A script stands as it is for a
whole file, whose text runs when it is loaded, and once more as the body of `score`. With `-- whole` as
its first line it is a definition and stands for itself. With `-- lines expect:` each line is an attack
of its own, with ` -->` before what must occur in its message or be its points.
modules/ holds what attacks may require. Files that begin with `-- must:` are read too.

What must hold for each: the exit status fits; the item beside it scores as ever; nothing takes long;
no address, no control character and no line of the script's own making comes out; a second run says
the same.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from golden import ROOT, TIMEOUT, environment

ATTACKS = ROOT / "tests" / "attacks"

RUBRIC = """\
kaoping: 1
id: attack
title: Attack
period: 2024
total: {total}
round: {{item: exact, total: exact}}
fields:
  sent: {{type: count, label: sent}}
items:
  - {{id: plain, title: Plain, points: 10, method: ratio, field: sent, target: 10}}
  - {{id: attack, title: Attack, points: {points}, method: lua, script: attack.lua}}
"""
UNITS = "id,name,sent\na,A,10\nb,B,5\nc,C,0\n"
PLAIN = {"a": 10.0, "b": 5.0, "c": 0.0}

FINDING = re.compile(r"(?:(.+?):)?(?:(\d+):\d+:)? ?(error|warning): (.*) \[([a-z0-9-]+)\]$")
MESSAGES = {
    "limit": r"step limit",
    "memory": r"memory|too long|too large|too many entries|more than \d+ bytes|stack overflow|too many results",
    "refused": r"unknown|assign|cannot be changed|has no |there is no |require",
    "state": r"keeps|cannot be changed",
    "points": r"points|return",
}
BY_ID = {"refused": ("script-name", "script-global", "script-missing"), "state": ("script-state",),
         "warned": ("script-interpreter",)}
# What a text file that is no definition is told once its text has run.
NO_DEFINITION = "script-definition"


class Attack:
    def __init__(self, name, first, text, points=100):
        """first: the text after `-- expect: `, up to the colon."""
        self.name, self.text, self.points = name, text, points
        self.kinds, self.words, self.value = set(), "", None
        head, _, words = first.partition("'")
        self.words = words.rstrip("'")
        for part in head.strip().split("|"):
            kind, _, argument = part.strip().partition(" ")
            self.kinds.add(kind)
            if kind == "ok" and argument:
                self.value = float(argument)
            elif argument:
                self.words = f"'{argument}'"

    def forms(self):
        """(what it is called, the file's text, whether it is loaded as a mere text)."""
        yield "as a file", self.text, True
        body = re.sub(rb"^-- (expect|must): [^\n]*", b"", self.text)
        yield "in score", b"return {score = function(item) " + body + b"\nend}\n", False


class Whole(Attack):
    def forms(self):
        yield "as it is", self.text, False


def must(text):
    """What `-- must: ...` of a file says, in our words."""
    head, _, rest = text.partition(":")
    kinds = {k for k in ("limit", "refused", "error", "memory", "ok") if re.search(rf"\b{k}\b", head)}
    if "error" in kinds and re.search("memory|too long|too many results|limit", rest):
        kinds |= {"memory", "limit"}
    if "BUG" in head:
        kinds |= {"ok", "warned", "error"}
    if "BUG" in head and "refused" in rest:
        kinds |= {"refused"}
    if "rejected" in head:
        kinds |= {"points"}
    if "ok" in kinds:
        kinds |= {"points"}  # many return a text or yes: it ran, and that is no number of points
    if "state" in text and "load ok" in text:
        kinds |= {"state"}
    line = re.search(r"error at line (\d+)", head)
    return "|".join(sorted(kinds)) + (f" 'attack.lua:{line.group(1)}'" if line else "")


def attacks_of(path):
    text = path.read_bytes()
    lines = text.decode(errors="replace").split("\n")
    if lines[0].startswith("-- must: "):
        yield Attack(path.stem, must(lines[0][len("-- must: "):]), text, points=100000)
    elif lines[0].startswith("-- lines expect: "):
        kinds = lines[0][len("-- lines expect: "):].split(":")[0]
        for number, line in enumerate(lines[1:], 2):
            code, arrow, words = line.partition(" -->")
            if arrow:
                words = words.strip()
                argument = f" {words}" if kinds == "ok" else f" '{words}'"
                yield Attack(f"{path.stem}:{number}", kinds + argument, code.encode() + b"\n")
    else:
        whole = lines[0] == "-- whole"
        head = lines[1 if whole else 0]
        if not head.startswith("-- expect: "):
            raise SystemExit(f"{path}: does not say what to expect")
        first = re.match(r"((?:'.*?'|[^':])*):", head[len("-- expect: "):]).group(1)
        yield (Whole if whole else Attack)(path.stem, first, text)


def nested(n, opening, middle, closing):
    return f"return {opening * n}{middle}{closing * n}\n"


def made():
    """(name, expectation, text, whether it is a whole definition): texts too large to keep."""
    floats = ", ".join(f"{i}.5" for i in range(1, 300))
    definition = "return {{score = function(item) return 1 end}}{}"
    yield "made_locals", "error 'local variables'", "".join(f"local v{i} = 0\n" for i in range(201))
    yield "made_upvalues", "error 'upvalues'", "".join(
        f"local function f{g}()\n" + "".join(f"local v{g}_{i} = 0\n" for i in range(120))
        for g in range(3)) + "return function() return " + " + ".join(
        f"v{g}_{i}" for g in range(3) for i in range(120)) + " end" + " end" * 3 + " return 1\n"
    yield "made_constants", "ok 100", f"local t = {{{floats}}} return t[299] - 199.5\n"
    yield ("made_constants_bits", "ok 3|warned|error", f"local t = {{{floats}}} return (1 ~ (2 or 3))\n")
    yield "made_operands", "ok 100|error|warned", "local s = 'x' return #(" + " .. ".join(["s"] * 250) + ") // 2.5\n"
    yield "made_operands_fine", "ok 90", "local s = 'x' return #(" + " .. ".join(["s"] * 90) + ")\n"
    for n in (150, 250, 20000):
        expectation = "ok|error" if n == 150 else "error"
        yield f"made_parentheses_{n}", expectation, nested(n, "(", "1", ")")
        yield f"made_tables_{n}", expectation + "|points", nested(n, "{", "", "}")
        yield f"made_minus_{n}", expectation, nested(n, "- ", "1", "") + "\n"
        yield f"made_not_{n}", expectation + "|points", nested(n, "not ", "1", "")
        yield f"made_blocks_{n}", expectation + "|points", "do " * n + "local x = 1 " + "end " * n
    yield "made_functions", "error", "local f = " + "function() return " * 3000 + "1" + " end" * 3000
    yield "made_powers", "error", "return " + "2 ^ " * 10000 + "1"
    yield "made_loops", "error", "while true do " * 1000 + "end " * 1000
    yield "made_fields", "error", "return math" + ".x" * 20000
    yield "made_calls", "error", "return math.floor(1.5)" + "()" * 20000
    yield "made_elseif", "ok 1", "local x = 3000 if x == 0 then return 0 " + "".join(
        f"elseif x == {i} then return {i // 3000}\n" for i in range(2500, 3001)) + "end\n"
    yield "made_elements", "ok 100|error", "local t = {" + "1," * 10000 + "} return #t // 100\n"
    yield "made_digits", "error|points", "return " + "9" * 60000
    yield "made_decimals", "ok 1", "return 0." + "0" * 50000 + "1 + 1"
    yield "made_literal", "ok 60", "return #'" + "x" * 60000 + "' // 1000"
    yield "made_escapes", "ok 15", "return #'" + "\\x41" * 15000 + "' // 1000"
    yield "made_name", "refused", "return " + "n" * 60000
    yield "made_name_global", "refused", "g" * 60000 + " = 1"
    yield "made_name_field", "error", "local t = {} return t." + "f" * 50000 + ".x"
    yield "made_name_function", "error", "local function " + "f" * 30000 + "() error() end " + "f" * 30000 + "()"
    yield "made_lines", "error 'last'", "\n" * 60000 + "error('last')"
    yield "made_comment_level", "ok 1", "--[" + "=" * 25000 + "[ x ]" + "=" * 25000 + "]\nreturn 1"
    yield "made_comment_open", "error", "--[" + "=" * 25000 + "[ x ]" + "=" * 24999 + "]\nreturn 1"
    yield "made_comments", "ok 1", "--\n" * 20000 + "return 1"
    yield "made_labels", "ok 1|error", "".join(f"::l{i}::\n" for i in range(4000)) + "do return 1 end"
    yield "made_gotos", "ok 1|error", "".join(f"if x == {i} then goto l{i} end ::l{i}::\n" for i in
                                              range(1500)).replace("if x", "if 0") + "do return 1 end"
    yield "made_one_line", "ok 1|error", "local x = 1 " + "x = x " * 10000 + "return x"
    yield "made_crlf", "ok 1", "local a = 1\r\nlocal b = [[\r\n]]\r\nreturn #b == 0 and a\r\n"
    yield "made_cr", "ok 1", "local a = 1\rreturn a\r"
    yield "made_nul", "error", "return 1 \0"
    yield "made_nul_in_text", "error|ok 3", "return #'a\0b'"
    for name, text in (
        ("bom", b"\xef\xbb\xbf" + definition.format("").encode()),
        ("bad_bytes", b"-- \xff\xfe\xc0\n" + definition.format("").encode()),
        ("first_line", b"#!/usr/bin/lua\n" + definition.format("").encode()),
        ("size", (definition.format("\n--").ljust(65536, "x")).encode()),
    ):
        yield "made_" + name, "ok 1|error", text, True
    yield "made_too_large", "error", definition.format("\n--").ljust(65537, "x"), True
    yield "made_far_too_large", "error", definition.format("\n--").ljust(1 << 22, "x"), True
    yield "made_bytecode", "error", b"\x1bLua\x54\0\x19\x93\r\n\x1a\n\4\x08\x08xV\0\0\0\0\0\0\0", True
    yield "made_bytecode_first_byte", "error", b"\x1b" + definition.format("").encode(), True
    yield "made_empty", "error", b"", True
    yield "made_blank", "error", b"\n\n  \n", True
    yield "made_only_comment", "error", b"-- return {}", True
    yield ("made_upvalues_fine", "ok 1", "".join(f"local v{i} = {{}}\n" for i in range(150)) +
           "return {score = function(item) return #v0 + #v149 + 1 end}", True)
    yield ("made_deep_state", "state", "local t, f = 1, function() end\n" + "".join(
        f"local t = {{f, t}} local f = function() return t, f end\n" for _ in range(80)) +
        "local n = 0 local g = function() n = n + 1 return n end local t = {t, g}\n" +
        "return {score = function(item) return t[2]() end}", True)


def made_attacks():
    for name, expectation, text, *whole in made():
        data = text if isinstance(text, bytes) else text.encode()
        yield (Whole if whole else Attack)(name, expectation, data)


class Run:
    """One command: its exit status, output, CPU seconds (workers included)."""

    def __init__(self, program, folder, *arguments):
        with open(folder / "stdout", "w+b") as out, open(folder / "stderr", "w+b") as err:
            started = time.monotonic()
            child = subprocess.Popen(
                [program, *arguments], cwd=folder, env=environment(program, folder),
                stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            self.timed_out = False
            while True:
                pid, status, used = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() - started > TIMEOUT:
                    self.timed_out = True
                    child.kill()
                time.sleep(0.002)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.status = child.returncode
            self.cpu = used.ru_utime + used.ru_stime
            out.seek(0), err.seek(0)
            self.out, self.err = out.read(), err.read()
        self.text = (self.err + self.out).decode(errors="replace")
        self.findings = []  # (severity, line, id)
        for line in self.text.split("\n"):
            if match := FINDING.match(line):
                self.findings.append((match.group(3), line, match.group(5)))

    def errors(self):
        return [(message, word) for severity, message, word in self.findings if severity == "error"]


def hygiene(run):
    """What may never come out, whatever a script does."""
    if b"AddressSanitizer" in run.err or b"runtime error" in run.err:
        yield "a sanitizer's report"
    shown = re.sub(rb"^ *\d+ \|.*$", b"", run.out + run.err, flags=re.M)  # but for the source's lines
    if match := re.search(rb"0x[0-9a-f]{6,}", shown):
        yield f"an address: {match.group().decode()}"
    for name, data in (("stdout", run.out), ("stderr", run.err)):
        try:
            text = data.decode()
        except UnicodeDecodeError as problem:
            yield f"{name} is not UTF-8: {problem}"
            continue
        if match := re.search("[^\\n -~\u00a0-\u2029\u202f-\U0010ffff]", text):
            yield f"a control character on {name}: {match.group()!r}"
        if re.search(r"^FORGED", text, re.M):
            yield f"a line of the script's own making on {name}"
    for message, _ in run.errors():
        if len(message.encode()) > 1000:
            yield f"a message of {len(message.encode())} bytes"
    if run.timed_out:
        yield f"still running after {TIMEOUT} s"
    elif run.status < 0:
        yield f"ended by signal {-run.status}"


def fits(attack, message, word):
    """Whether a finding is one that the attack may cause."""
    if attack.words.lower() not in message.lower():
        return False
    if not word.startswith("script-"):
        return "error" in attack.kinds
    for kind in attack.kinds - {"error"}:
        if word in BY_ID.get(kind, ()) or kind in MESSAGES and re.search(MESSAGES[kind], message):
            return True
    return "error" in attack.kinds and not re.search(MESSAGES["limit"], message)


def loaded_wrong(attack, run, as_text):
    """What is wrong about a script that was refused when it was loaded."""
    errors = run.errors()
    # A text that fails while it runs is a script that failed; all else is a finding about it.
    right = 4 if any(word == "script-failed" for _, word in errors) else 1
    if run.status != right:
        yield f"check: exit status {run.status}, not {right}"
    if as_text and attack.kinds & {"ok", "points", "warned"} and NO_DEFINITION in [w for _, w in errors]:
        return
    if as_text and "warned" in attack.kinds and right == 4:
        return  # the fault itself, before anybody could warn
    if as_text and any("unknown name 'item'" in message for message, _ in errors):
        return  # there is none outside of a call
    if not any(fits(attack, *e) for e in errors):
        yield f"expected {describe(attack)}, found at loading: {errors[:3]}"


def scored_wrong(attack, run):
    """What is wrong about a run of score: the plain item, and what came of the attack."""
    try:
        result = json.loads(run.out)
    except ValueError:
        yield f"no result: exit status {run.status}"
        return
    units = {u["id"]: {i["id"]: i for i in u["items"]} for u in result["units"]}
    if set(units) != set(PLAIN):
        yield f"units {sorted(units)}"
    for unit, items in units.items():
        plain = items.get("plain", {})
        if plain.get("state") != "scored" or float(plain.get("points") or -1) != PLAIN.get(unit):
            yield f"unit {unit}: the plain item is {plain.get('state')} {plain.get('points')}"
    if "warned" in attack.kinds and any(w == "script-interpreter" for _, _, w in run.findings):
        return
    errors = run.errors()
    states = {i["attack"].get("state") for i in units.values() if "attack" in i}
    if errors or "error" in states:
        if run.status != 4:
            yield f"score: exit status {run.status}, not 4"
        if not any(fits(attack, *e) for e in errors):
            yield f"expected {describe(attack)}, found: {errors[:3]}"
        return
    if run.status != 0:
        yield f"score: exit status {run.status}, but no finding"
    if "ok" not in attack.kinds:
        yield f"expected {describe(attack)}, but it ran: {states}"
        return
    points = {i["attack"].get("points") for i in units.values()}
    if attack.value is not None and {float(p) for p in points if p is not None} != {attack.value}:
        yield f"expected {attack.value:g} points, got {sorted(map(str, points))}"


def describe(attack):
    return "|".join(sorted(attack.kinds)) + (f" '{attack.words}'" if attack.words else "")


def try_form(attack, text, as_text, program, seconds, worst):
    """Yields what is wrong with one form of the attack."""
    runs = []
    with tempfile.TemporaryDirectory(prefix="kaoping-") as name:
        folder = Path(name)
        (folder / "attack.lua").write_bytes(text)
        for module in (ATTACKS / "modules").glob("*.lua"):
            (folder / module.name).write_bytes(module.read_bytes())
        rubric = RUBRIC.format(points=attack.points, total=attack.points + 10)
        (folder / "rubric.yaml").write_text(rubric)
        (folder / "data.csv").write_text(UNITS)
        check = Run(program, folder, "check", "rubric.yaml")
        runs.append(check)
        last, arguments = check, ("check", "rubric.yaml")
        if check.status == 0:
            arguments = ("score", "rubric.yaml", "data.csv", "--keep-going", "--format", "json")
            runs.append(last := Run(program, folder, *arguments))
        if not re.search(MESSAGES["limit"], last.text):
            again = Run(program, folder, *arguments)
            if (again.out, again.err, again.status) != (last.out, last.err, last.status):
                yield "a second run differs"
    for run in runs:
        yield from hygiene(run)
        # Loading is one run of it, and each unit's item another.
        most = seconds * (1 if run is check else len(PLAIN))
        worst.append((run.cpu / (1 if run is check else len(PLAIN)), attack.name))
        if run.cpu > most:
            yield f"{run.cpu:.2f} s of CPU, more than {most:g}"
    if check.status == 0:
        last.findings += check.findings
        yield from scored_wrong(attack, last)
    else:
        yield from loaded_wrong(attack, check, as_text)


def main():
    parser = argparse.ArgumentParser(description="Runs scripts that attack the engine.")
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"), help="what is tested")
    parser.add_argument("--folder", default=ATTACKS, type=Path, help="where the attacks are")
    parser.add_argument("--seconds", default=1.0, type=float, help="CPU that one call may take")
    parser.add_argument("--verbose", action="store_true", help="name each, with what took longest")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    args = parser.parse_args()
    if not os.access(args.program, os.X_OK):
        parser.error(f"cannot run {args.program}")
    program = str(Path(args.program).resolve())
    attacks = [a for path in sorted(args.folder.glob("*.lua")) for a in attacks_of(path)]
    if args.folder == ATTACKS:
        attacks += made_attacks()
    if args.names:
        attacks = [a for a in attacks if a.name in args.names or a.name.split(":")[0] in args.names]
    if not attacks:
        parser.error("no attack of that name")

    worst = []

    def run(attack):
        wrong = []
        for form, text, as_text in attack.forms():
            found = try_form(attack, text, as_text, program, args.seconds, worst)
            wrong += [f"{form}: {what}" for what in found]
        return wrong

    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for attack, wrong in zip(attacks, pool.map(run, attacks)):
            if wrong:
                failed += 1
                print(f"attacks: {attack.name} failed\n    " + "\n    ".join(wrong))
            elif args.verbose:
                print(f"attacks: {attack.name} passed")
    if args.verbose:
        for cpu, name in sorted(worst, reverse=True)[:10]:
            print(f"{cpu:8.3f} s a call: {name}")
    print(f"attacks: {len(attacks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
