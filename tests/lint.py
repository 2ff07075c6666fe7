#!/usr/bin/env python3
"""The house's rules that a compiler does not check (docs and section numbers: engine/README.md).

    tests/lint.py [--pot build/kaoping.pot]      `make lint` does it

Each check is a function that yields (path, line, message) for what breaks its rule; to add one, write
it and name it in CHECKS. Prints `path:line: message` and exits 1 if there is any.
"""

import argparse
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What each directory of engine/ may include (beside itself). A list, not an order.
MAY_INCLUDE = {
    "base": [],
    "model": ["base"],
    "load": ["base", "model", "lua"],
    "lua": ["base", "model"],
    "score": ["base", "model", "lua"],
    "analyse": ["base", "model"],
    "store": ["base", "model"],
    "report": ["base", "model", "analyse"],
    "bulk": ["base", "model", "load", "lua", "score", "analyse", "report"],
    "cli": ["base", "model", "load", "lua", "score", "analyse", "store", "report", "bulk"],
}

# One library, one file.
LIBRARIES = [
    (r"yaml\.h", r"load/yaml\.c"),
    (r"sqlite3\.h", r"store/database\.c"),
    (r"zlib\.h", r"store/squeeze\.c"),
    (r"openssl/.*", r"base/digest\.c"),
    (r"iconv\.h", r"base/encoding\.c"),
    (r"uni(?!std\.h).*", r"base/text\.c"),
    (r"libintl\.h", r"base/i18n\.c"),
    (r"lua5\.4/(lua|lualib|lauxlib)\.h", r"lua/.*\.[ch]"),
    (r"seccomp\.h", r"base/workers\.c"),
]

COMMENT_OR_QUOTE = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
WIDTH = 100
CLANG_FORMAT = "14"  # other versions format differently


class File:
    def __init__(self, path):
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.text = path.read_text(encoding="utf-8", errors="surrogateescape")
        self.lines = self.text.split("\n")

    def is_c(self):
        return self.path.suffix in (".c", ".h", ".def")

    def in_engine(self):
        return self.name.startswith("engine/")

    def room(self):
        """The directory of engine/ that the file is in: load."""
        return self.name.split("/")[1]

    def code(self):
        """The text without comments and without what stands in quotes; lines keep their numbers."""

        def blank(match):
            kept = match.group()[0] if match.group()[0] in "\"'" else ""
            return kept + "\n" * match.group().count("\n") + kept

        return re.sub(COMMENT_OR_QUOTE, blank, self.text, flags=re.S)

    def find(self, pattern, text=None):
        """(line, match) of each match."""
        text = self.text if text is None else text
        for match in re.finditer(pattern, text, re.M):
            yield text.count("\n", 0, match.start()) + 1, match


def files_of_the_tree():
    """Every text file of the project, sorted; not what is generated, nor inputs meant to be odd."""
    odd = re.compile(r"tests/(bad|golden|fuzz/corpus)/|build/|.*__pycache__/|\.git(/|$)")
    text = (".c", ".h", ".def", ".py", ".sh", ".md", ".yaml", ".yml", ".po", ".lua", "")
    found = []
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and path.suffix in text and not odd.match(name):
            found.append(File(path))
    return found


# ---- layers ----


def check_includes(files):
    """A directory includes only what its line in MAY_INCLUDE lists, by its path from engine/."""
    for f in files:
        if not (f.in_engine() and f.is_c()):
            continue
        if f.room() not in MAY_INCLUDE:
            yield f.name, 1, f"directory {f.room()}/ is not in lint's table of layers"
            continue
        for line, match in f.find(r'^\s*#\s*include\s+"([^"]+)"'):
            target = match.group(1)
            room = target.split("/")[0]
            if "/" not in target or not (ROOT / "engine" / target).is_file():
                yield f.name, line, f'"{target}" is no path from engine/'
            elif room != f.room() and room not in MAY_INCLUDE[f.room()]:
                yield f.name, line, f"{f.room()}/ must not include {room}/ ({target})"


def check_libraries(files):
    """A library's header is included in one file only."""
    for f in files:
        if not (f.in_engine() and f.is_c()):
            continue
        for line, match in f.find(r"^\s*#\s*include\s+<([^>]+)>"):
            header, place = match.group(1), f.name[len("engine/"):]
            for library, home in LIBRARIES:
                if re.fullmatch(library, header) and not re.fullmatch(home, place):
                    only = home.replace("\\", "")
                    yield f.name, line, f"<{header}> belongs in engine/{only} only"


def check_names(files):
    """File names are unique in engine/."""
    seen = {}
    for f in files:
        if f.in_engine() and f.is_c():
            if f.path.name in seen:
                yield f.name, 1, f"the name is taken by {seen[f.path.name]}"
            seen.setdefault(f.path.name, f.name)


def check_memory(files):
    """No free() and no malloc() outside base/: memory comes from an arena."""
    pattern = r"\b(free|malloc|calloc|realloc|strdup|strndup)\s*\("
    for f in files:
        if f.in_engine() and f.is_c() and f.room() != "base":
            for line, match in f.find(pattern, f.code()):
                yield f.name, line, f"{match.group(1)}() outside base/: use an arena"


# ---- form ----


def check_guards(files):
    """name.h is guarded by KAOPING_NAME_H."""
    for f in files:
        if f.in_engine() and f.path.suffix == ".h":
            guard = "KAOPING_" + re.sub(r"\W", "_", f.path.stem).upper() + "_H"
            code = [line for line in f.code().split("\n") if line.strip()]
            if code[:2] != [f"#ifndef {guard}", f"#define {guard}"] or code[-1] != "#endif":
                yield f.name, 1, f"must be guarded by {guard}"


def check_headers(files):
    """A file begins with a comment that says what it is; in engine/ `name.c - what it is`."""
    for f in files:
        if f.is_c():
            opening = re.match(r"/\*\s*(?:\*\s*)?(\S+) - \S", f.text)
            if not f.text.startswith("/*"):
                yield f.name, 1, "begins without a comment that says what it is"
            elif f.in_engine() and (not opening or opening.group(1) != f.path.name):
                yield f.name, 1, f"the first line of the comment is `{f.path.name} - what it is`"
        elif f.path.suffix in (".py", ".sh") or f.name == ".ci/run":
            if not re.match(r'(#!.*\n)?("""|# )\S', f.text):
                yield f.name, 1, "begins without a comment that says what it is"


def display_width(text):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


def check_width(files):
    """Lines of code fit in 100 columns as a terminal shows them."""
    for f in files:
        if f.in_engine() and f.is_c():
            for number, line in enumerate(f.lines, 1):
                if display_width(line) > WIDTH:
                    yield f.name, number, f"{display_width(line)} columns, at most {WIDTH}"


def check_white_space(files):
    """No tabs, no trailing blanks, no CR, one newline at the end."""
    for f in files:
        for number, line in enumerate(f.lines, 1):
            if "\t" in line and f.path.name != "Makefile":
                yield f.name, number, "a tab"
            if line != line.rstrip():
                yield f.name, number, "blanks at the end of the line"
        if f.text and (not f.text.endswith("\n") or f.text.endswith("\n\n")):
            yield f.name, len(f.lines), "the file must end with one newline"


def output(command):
    """What a command printed, on either channel."""
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, cwd=ROOT, **how).stdout


def check_format(files):
    """clang-format leaves the file as it is."""
    program = shutil.which("clang-format")
    version = output([program, "--version"]) if program else ""
    if f"version {CLANG_FORMAT}." not in version:
        print(f"lint: clang-format {CLANG_FORMAT} is not installed: formatting was not checked")
        return
    names = [f.name for f in files if f.path.suffix in (".c", ".h")]
    if not names:
        return
    pattern = r"^(\S+?):(\d+):\d+: warning: code should be clang-formatted"
    first = {}
    for path, line in re.findall(pattern, output([program, "--dry-run", *names]), re.M):
        first.setdefault(path, int(line))
    for path, line in first.items():
        yield path, line, "not as clang-format has it (`make format`)"


def check_machine_paths(files):
    """No path of somebody's machine."""
    home = r"(?<![\w.})\]*])/" + r"(?:work|root|home|Users)/[\w.]+"
    for f in files:
        for line, match in f.find(home):
            yield f.name, line, f"a path of one machine: {match.group()}"


# ---- texts ----


def po_entries(path):
    """{msgid: {line, places, fuzzy, texts}} of a catalogue; msgid_plural belongs to its msgid."""
    entries, entry, key = {}, None, None

    def fresh():
        return {"line": 0, "places": [], "fuzzy": False, "msgid": "", "texts": {}}

    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        entry = entry or fresh()
        if line.startswith("#: "):
            entry["places"] += line[3:].split()
        elif line.startswith("#,"):
            entry["fuzzy"] = "fuzzy" in line
        elif match := re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?) "(.*)"$', line):
            key = match.group(1)
            if key == "msgid":
                entry["line"] = number
            entry["texts"][key] = match.group(2)
        elif match := re.match(r'"(.*)"$', line):
            entry["texts"][key] += match.group(1)
        elif not line.strip() and entry["texts"]:
            entries[entry["texts"].get("msgid", "")] = entry
            entry = None
    return entries


def check_catalogues(files, pot):
    """Every text of the code is translated, none is fuzzy or left over, and the formats agree."""
    wanted = po_entries(pot)
    wanted.pop("", None)
    for path in sorted((ROOT / "engine/po").glob("*.po")):
        name = path.relative_to(ROOT).as_posix()
        for wrong in output(["msgfmt", "--check", "-o", "/dev/null", name]).splitlines():
            place = re.match(r"[^:]+:(\d+): (.*)", wrong)
            if place:
                yield name, int(place.group(1)), "msgfmt: " + place.group(2)
        entries = po_entries(path)
        entries.pop("", None)
        for msgid, entry in wanted.items():
            there = entries.get(msgid)
            place, line = (entry["places"] or [name + ":1"])[0].rsplit(":", 1)
            if not there or not all(t for k, t in there["texts"].items() if k.startswith("msgstr")):
                yield place, line, f'not translated in {path.name}: "{msgid}"'
        for msgid, entry in entries.items():
            if entry["fuzzy"]:
                yield name, entry["line"], f'fuzzy: "{msgid}"'
            elif msgid not in wanted:
                yield name, entry["line"], f'no longer in the code (`make po`): "{msgid}"'
    if not list((ROOT / "engine/po").glob("*.po")) and wanted:
        yield "engine/po", 0, "there is no catalogue"


# ---- findings and statements ----


def check_findings(files):
    """Every finding of findings.def is made somewhere, and some test expects it."""
    catalogue = next((f for f in files if f.path.name == "findings.def"), None)
    if not catalogue:
        return
    code = "\n".join(f.code() for f in files if f.in_engine() and f.path.suffix in (".c", ".h"))
    tests = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for pattern in ("bad/**/*", "golden/**/*", "unit/*", "rules/*", "workers.py")
        for path in sorted((ROOT / "tests").glob(pattern))
        if path.is_file()
    )
    docs = "\n".join(f.text for f in files if f.name == "docs/methods.md")
    for line, match in catalogue.find(r'^FINDING\(\s*(\w+),\s*"([^"]+)"'):
        symbol, word = match.groups()
        if not re.search(rf"\bFINDING_{symbol}\b", code):
            yield catalogue.name, line, f"{word}: no code reports it"
        if not re.search(rf"(?<![\w-]){word}(?![\w-])|\bFINDING_{symbol}\b", tests + docs):
            yield catalogue.name, line, f"{word}: no test expects it"


def check_citations(files):
    """A rule that the code cites (M-short-2) is stated in docs/methods.md."""
    docs = next((f for f in files if f.name == "docs/methods.md"), None)
    if not docs:
        return
    rule = r"\b[A-Z]-[a-z0-9_]+-[0-9]+\b"
    stated = set(re.findall(rf"\*\*({rule})\*\*", docs.text))
    for f in files:
        if f.in_engine() and f.is_c():
            for line, match in f.find(rule):
                if match.group() not in stated:
                    yield f.name, line, f"{match.group()} is not stated in docs/methods.md"


CHECKS = [
    check_includes, check_libraries, check_names, check_memory, check_guards, check_headers,
    check_width, check_white_space, check_format, check_machine_paths, check_findings,
    check_citations,
]


def main():
    parser = argparse.ArgumentParser(description="The house's rules.")
    parser.add_argument("--pot", type=Path, help="texts of the code, as xgettext wrote them")
    args = parser.parse_args()
    files = files_of_the_tree()
    problems = [problem for check in CHECKS for problem in check(files)]
    if args.pot:
        problems += check_catalogues(files, args.pot)
    for path, line, message in problems:
        print(f"{path}:{line}: {message}")
    rules = len(CHECKS) + bool(args.pot)
    print(f"lint: {rules} rules, {len(files)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
