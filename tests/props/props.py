#!/usr/bin/env python3
"""Properties: what must hold of every rubric and all data, tried through the command line.

    tests/props/props.py [--program build/kaoping] [--seeds 12] [NAME...]

Tried on the examples (examples/X with rubrics/*X.yaml) and on rubrics and data made at random
(tests/oracle/generate.py). A NAME is an example (duty-2024), a seed (7) or `environment`.

    same data     the order of units and columns, and csv, yaml, json or ndjson, change no score or rank
    ranking       more points never rank lower; places are counted as the rubric says
    sums          items add up to sections, and sections to the total, where nothing was rescaled
    bytes         the same bytes come out of every run and under every locale
    shown         what `rubric show` prints is a rubric by which the same scores come out
    marks         a change to the rubric that changes a score is marked by `rubric diff`
    environment   a full disk, a missing file, a folder, /dev/zero: exit 3 and a message, no output

Each property is a function that yields what does not hold.
"""

import argparse
import csv
import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import mutations  # noqa: E402
from golden import TIMEOUT, environment  # noqa: E402

RESERVED = ("id", "name", "class", "parent", "period", "notes", "sort_key")
LABELS = dict(zip(("编号", "名称", "类别", "上级", "期间", "备注"), RESERVED))
NUMERIC = ("count", "number", "percent")
LOCALES = ("C", "C.UTF-8", "zh_CN.UTF-8", "tr_TR.UTF-8")


def run(program, arguments, out, folder=None, env=(), **how):
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": TIMEOUT, **how}
    env = {**environment(program, out), **dict(env)}
    command = [program, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, **how)


# ---- rubrics and data ----


class PlainDumper(yaml.SafeDumper):
    """Text without quotes wherever the syntax allows it, as a person would write it."""

    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data):
        return True


def fold(text):
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def as_list(value):
    return [value] if isinstance(value, str) else value


def scalar(value):
    """A value of a JSON or YAML file as text; lists stay lists."""
    if isinstance(value, list):
        return [scalar(v) for v in value]
    return {True: "yes", False: "no", None: ""}.get(value, value)


def decode(data):
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    raise ValueError("data in no encoding that is known")


class Case:
    """A rubric, data files, and what `score` makes of them."""

    def __init__(self, name, rubric, folder):
        self.name, self.rubric, self.folder, self.data = name, rubric, folder, data_in(folder)
        before = [path for path in data_in(folder, ()) if path.stem.startswith("previous")]
        self.previous = [word for path in before for word in ("--previous", path)]
        self.tree = yaml.load(rubric.read_text(encoding="utf-8-sig"), yaml.BaseLoader)
        parts = {p: path for p in self.tree.get("periods", {}) for path in self.data if p.lower().endswith(path.stem)}
        self.data = [path for path in self.data if path not in parts.values()]
        self.beside = [*self.previous, *(word for p, path in parts.items() for word in ("--period", f"{p}={path}"))]
        self.fields = self.tree.get("fields", {})
        self.names = {}  # a column's name, folded: the field's id
        for field, about in self.fields.items():
            for word in (field, about.get("label", field), *as_list(about.get("alias", []))):
                self.names[fold(word)] = field
        columns = dict(self.tree.get("columns", {}))
        self.ignored = {fold(word) for word in as_list(columns.pop("ignore", []))}
        self.reserved = {fold(word): word for word in RESERVED}
        self.reserved.update({fold(label): word for label, word in LABELS.items()})
        self.reserved.update({fold(label): word for word, label in columns.items()})
        self.titles = {}  # an item's title, folded: its id
        for section in (self.tree, self.tree.get("bonus", {}), self.tree.get("deductions", {})):
            self.walk(section)

    def walk(self, member):
        for inner in member.get("items", []) + member.get("sections", []):
            self.titles[fold(inner.get("title", inner["id"]))] = inner["id"]
            self.walk(inner)

    def unit(self, cells, evidence=()):
        """One unit: reserved keys, values by field id, evidence by item id."""
        unit, values, evidence = {}, {}, dict(evidence)
        for name, value in cells.items():
            key, head = fold(name), name.replace("：", ":").split(":", 1)
            if value == "" or key in self.ignored:
                continue
            if key in self.reserved:
                unit[self.reserved[key]] = value
            elif key in self.names:
                values[self.names[key]] = value
            elif name.startswith("evidence."):
                evidence[name[len("evidence."):]] = value
            elif head[0] == "佐证":
                evidence[self.titles[fold(head[1])]] = value
            else:
                raise ValueError(f"{self.name}: what is the column {name}?")
        return {**unit, "values": values, "evidence": evidence}

    def units_of(self, path):
        text = decode(path.read_bytes())
        if path.suffix == ".csv":
            return [self.unit(row) for row in csv.DictReader(io.StringIO(text))]
        if path.suffix == ".json":
            tree = json.loads(text, parse_float=str, parse_int=str)
        else:
            tree = yaml.load(text, yaml.BaseLoader)
        units = []
        for unit in tree["units"]:
            cells = {k: scalar(v) for k, v in unit.items() if k not in ("values", "evidence")}
            cells.update({k: scalar(v) for k, v in unit.get("values", {}).items()})
            units.append(self.unit(cells, unit.get("evidence", {})))
        return units

    def write(self, form, units, path, rng):
        """The units as a file in which units and columns stand in any order."""
        units = rng.sample(units, len(units))
        if form == "csv":
            rows = []
            for unit in units:
                row = {k: v for k, v in unit.items() if k not in ("values", "evidence")}
                row.update(unit["values"])
                row.update({f"evidence.{item}": v for item, v in unit["evidence"].items()})
                rows.append({k: "; ".join(v) if isinstance(v, list) else v for k, v in row.items()})
            columns = list(dict.fromkeys(column for row in rows for column in row))
            rng.shuffle(columns)
            out = io.StringIO()
            writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            path.write_text(out.getvalue(), encoding="utf-8")
            return
        shuffled = []
        for unit in units:
            unit = {k: v for k, v in unit.items() if k != "evidence" or v}
            for key in ("values", "evidence"):
                if key in unit:
                    unit[key] = dict(rng.sample(list(unit[key].items()), len(unit[key])))
            shuffled.append(dict(rng.sample(list(unit.items()), len(unit))))
        if form in ("json", "ndjson"):
            for unit in shuffled:
                unit["values"] = {f: self.as_number(f, v) for f, v in unit["values"].items()}
        if form == "json":
            text = json.dumps({"units": shuffled}, ensure_ascii=False)
        elif form == "ndjson":
            text = "".join(json.dumps(unit, ensure_ascii=False) + "\n" for unit in shuffled)
        else:
            how = {"Dumper": PlainDumper, "allow_unicode": True, "sort_keys": False}
            text = yaml.dump({"units": shuffled}, **how)
        path.write_text(text, encoding="utf-8")

    def as_number(self, field, value):
        """A JSON number where the text of a numeric field is one."""
        if self.fields[field].get("type") in NUMERIC and isinstance(value, str):
            for kind in (int, float):
                try:
                    if str(kind(value)) == value:
                        return kind(value)
                except ValueError:
                    pass
        return value

    def score(self, program, out, data=None):
        data = [*(data or self.data), *self.beside]
        arguments = ["score", self.rubric, *data, "--format", "json", "--quiet"]
        ran = run(program, arguments, out)
        if ran.returncode != 0:
            raise ValueError(f"exit status {ran.returncode}: {ran.stderr.decode(errors='replace')}")
        return json.loads(ran.stdout)


def cases(seeds, folder):
    rubrics = sorted((ROOT / "rubrics").glob("*.yaml"))
    for example in sorted(p for p in (ROOT / "examples").glob("*") if p.is_dir()):
        mine = sorted(example.glob("rubric.yaml"))
        mine += [rubric for rubric in rubrics if rubric.stem.endswith(example.name)]
        # A sheet that extends another is not whole; the other one is tried.
        if mine and "\nextends:" not in mine[0].read_text(encoding="utf-8"):
            yield Case(example.name, mine[0], example)
    generate = ROOT / "tests/oracle/generate.py"
    for seed in range(1, seeds + 1) if generate.exists() else ():
        made = folder / f"seed-{seed}"
        made.mkdir()
        command = [sys.executable, generate, str(seed), made]
        subprocess.run(command, check=True, timeout=TIMEOUT, stdout=subprocess.DEVNULL)
        yield Case(str(seed), made / "rubric.yaml", made)


def data_in(folder, other=("rubric", "waivers", "previous", "expected")):
    known = (".csv", ".yaml", ".yml", ".json")
    files = [path for path in sorted(folder.glob("*")) if path.suffix in known]
    return [path for path in files if not other or not path.stem.startswith(other)]


# ---- properties of a case ----


def told(unit):
    """What must not depend on how the data are written: all but reasons, which may name places."""
    return {**unit, "items": [{k: v for k, v in i.items() if k != "reason"} for i in unit["items"]]}


def same_data(case, program, out):
    base = {unit["id"]: told(unit) for unit in case.score(program, out)["units"]}
    rng = random.Random(case.name)
    for form in ("csv", "yaml", "json", "ndjson"):
        paths = []
        for number, path in enumerate(case.data):
            paths.append(Path(out) / f"{number}.{form}")
            case.write(form, case.units_of(path), paths[-1], rng)
        units = {unit["id"]: told(unit) for unit in case.score(program, out, paths)["units"]}
        for name in sorted(base.keys() | units.keys()):
            was, now = base.get(name, {}), units.get(name, {})
            for key in sorted(was.keys() | now.keys()):
                if was.get(key) != now.get(key):
                    difference = f"{key} was {was.get(key)}, is {now.get(key)}"
                    yield f"shuffled as {form}: unit {name}: {difference}"
                    break


def ranking(case, program, out):
    rule = case.tree.get("ranking", {})
    key = "exact" if rule.get("on") == "exact" else "total"
    sign = -1 if rule.get("better") == "low" else 1
    groups = {}
    for unit in case.score(program, out)["units"]:
        if unit["rank"]:
            groups.setdefault("" if rule.get("within") == "all" else unit["class"], []).append(unit)
    for units in groups.values():
        ranks = sorted(unit["rank"] for unit in units)
        for unit in units:
            better = [rank for rank in ranks if rank < unit["rank"]]
            place = 1 + (len(set(better)) if rule.get("ties") == "dense" else len(better))
            if unit["rank"] != place or unit["ranked"] != len(units):
                got = f"{unit['rank']} of {unit['ranked']}"
                yield f"unit {unit['id']}: rank {got}, not {place} of {len(units)}"
            for other in units:
                ahead = sign * (Decimal(unit[key]) - Decimal(other[key])) > 0
                if rule.get("vetoed") == "last" and unit["vetoed"] != other["vetoed"]:
                    if unit["vetoed"] and unit["rank"] < other["rank"]:
                        yield f"vetoed unit {unit['id']} stands before {other['id']}"
                elif ahead and unit["rank"] >= other["rank"]:
                    points = f"{unit['id']} has {unit[key]}, {other['id']} {other[key]}"
                    yield f"unit {points}, but ranks no better"


def rounded(value, places):
    if places == "exact":
        return value
    return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


def sums(case, program, out):
    changing = ("combine", "factor", "scale", "keep", "drop", "cap", "floor")
    gates = case.tree.get("gates", [])
    zeroing = {gate["id"] for gate in gates if {"zero", "ceiling"} & gate["effect"].keys()}
    if "extends" in case.tree or "section" in case.tree["round"]:
        return

    def members(of, unit, shown):
        inner = [m["id"] for m in of.get("items", []) + of.get("sections", [])]
        return [shown[m] for m in inner if m in shown]

    def sections(of):
        for inner in of.get("sections", []):
            yield inner
            yield from sections(inner)

    def whole(shown):
        return shown["due"] == shown["of"] and shown["points"] is not None

    for unit in case.score(program, out)["units"]:
        if unit["state"] != "ranked" or zeroing & set(unit["gates"]):
            continue
        shown = {m["id"]: m for m in unit["sections"] + unit["items"]}
        for section in sections(case.tree):
            inner = members(section, unit, shown)
            if any(key in section for key in changing) or section["id"] not in shown:
                continue
            if not all(whole(m) for m in inner):
                continue
            total = sum(Decimal(m["points"]) for m in inner)
            of = Decimal(shown[section["id"]]["of"])
            if 0 <= total <= of and total != Decimal(shown[section["id"]]["points"]):
                got = shown[section["id"]]["points"]
                yield f"unit {unit['id']}: section {section['id']} has {got}, its members {total}"
        inner = members(case.tree, unit, shown)
        if any(key in case.tree for key in changing) or not all(whole(m) for m in inner):
            continue
        total = sum(Decimal(m["points"]) for m in inner)
        if not 0 <= total <= Decimal(case.tree["total"]):
            continue
        total += Decimal(shown.get("bonus", {}).get("points") or 0)
        total -= Decimal(shown.get("deductions", {}).get("points") or 0)
        total = rounded(max(total, Decimal(0)), case.tree["round"]["total"])
        if total != Decimal(unit["before_gates"]):
            yield f"unit {unit['id']}: the total is {unit['before_gates']}, its sections make {total}"


def same_bytes(case, program, out):
    for form in ("table", "csv", "json"):
        for lang in ("en", "zh"):
            data = [*case.data, *case.beside]
            arguments = ["score", case.rubric, *data, "--format", form, "--lang", lang]
            first = None
            for locale in (LOCALES[1], *LOCALES):
                ran = run(program, arguments, out, env={"LC_ALL": locale, "LANGUAGE": ""})
                came = (ran.returncode, ran.stdout, ran.stderr)
                first = first or came
                if came != first:
                    yield f"--format {form} --lang {lang}: other bytes under LC_ALL={locale}"


# ---- rubrics ----


def rubrics_folder(case, out):
    """A folder for rubrics like that of the case, with its scripts beside it and its periods' sheets in it."""
    scripts = Path(out, "scripts")
    scripts.mkdir()
    for path in [*case.rubric.parent.glob("*.lua"), *(ROOT / "scripts").glob("*.lua")]:
        shutil.copy(path, scripts / path.name)
    folder = Path(out, "rubrics")
    folder.mkdir()
    for sheet in set(case.tree.get("periods", {}).values()):
        shutil.copy(case.rubric.parent / sheet, folder / sheet)
    return folder


def shown(case, program, out):
    """Also a rubric that extends this one and says nothing is the same rubric."""
    before = mutations.scores(case.score(program, out))
    folder = rubrics_folder(case, out)
    base = os.path.relpath(case.rubric.resolve(), folder.resolve())
    (folder / "extends.yaml").write_text(f"kaoping: 1\nextends: {base}\n")
    for name, arguments in {
        "shown.yaml": [case.rubric],
        "resolved.yaml": [case.rubric, "--resolved"],
        "again.yaml": [folder / "shown.yaml"],
        "extended.yaml": [folder / "extends.yaml"],
    }.items():
        ran = run(program, ["rubric", "show", *arguments], out)
        if ran.returncode != 0:
            yield f"{name}: exit status {ran.returncode}: {ran.stderr.decode()[:300]}"
            return
        (folder / name).write_bytes(ran.stdout)
        other = Case(case.name, folder / name, case.folder)
        if mutations.scores(other.score(program, out)) != before:
            yield f"{name}: other scores"
        ran = run(program, ["rubric", "diff", case.rubric, folder / name, "--format", "json"], out)
        if json.loads(ran.stdout)["changes"] is not None:
            yield f"{name}: diff finds a difference"
    if (folder / "shown.yaml").read_bytes() != (folder / "again.yaml").read_bytes():
        yield "what is shown, shown again, is something else"


def marks(case, program, out):
    sample = 60 if case.rubric.parent == ROOT / "rubrics" else 10
    folder = rubrics_folder(case, out)
    yield from mutations.unmarked(case, lambda *a: run(program, a, out), folder, sample)


# ---- the environment ----


def as_nobody():
    """A command that runs another without root's rights (nothing if we have none), or None."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        return None
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def environment_failures(case, program, out):
    """Each must exit with 3, say why on standard error and print nothing."""
    folder = Path(out)
    folder.chmod(0o777)
    rubric, data = case.rubric, case.data[0]
    score = ["score", rubric, data, *case.beside, "--quiet"]

    def judge(what, ran):
        if ran.returncode != 3:
            yield f"{what}: exit status {ran.returncode}, not 3"
        if not ran.stderr.startswith(b"kaoping: error: ") or ran.stderr.count(b"\n") != 1:
            yield f"{what}: not one message: {ran.stderr[:200]!r}"
        if ran.stdout:
            yield f"{what}: half output: {ran.stdout[:100]!r}"

    (folder / "a-folder").mkdir()
    failures = {
        "a full disk (-o)": [*score, "-o", "/dev/full"],
        "no such folder (-o)": [*score, "-o", folder / "nowhere/result.json"],
        "a folder (-o)": [*score, "-o", folder / "a-folder"],
        "a missing rubric": ["score", folder / "missing.yaml", data],
        "missing data": ["score", rubric, folder / "missing.csv"],
        "missing data, check": ["check", rubric, folder / "missing.csv"],
        "a folder as a rubric": ["score", folder / "a-folder", data],
        "a folder as data": ["score", rubric, folder / "a-folder"],
        "an endless rubric": ["check", "/dev/zero"],
        "endless data": ["score", rubric, "/dev/zero"],
    }
    for what, arguments in failures.items():
        yield from judge(what, run(program, arguments, out))
    with open("/dev/full", "wb") as full:
        ran = run(program, score, out, stdout=full)
        ran.stdout = b""
        yield from judge("a full disk (standard output)", ran)

    # A file system that takes 100 bytes: what was there before stays, and nothing is left behind.
    old = folder / "result.json"
    old.write_text("old")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))  # noqa: E731
    before = sorted(os.listdir(folder))
    ran = run(program, [*score, "-o", old], out, restore_signals=False, preexec_fn=limit)
    yield from judge("a disk that fills up", ran)
    after = sorted(os.listdir(folder))
    if old.read_text() != "old" or after != before:
        yield f"a disk that fills up: left behind {after}, {old.read_text()[:50]!r}"

    nobody = as_nobody()
    if nobody is None:
        print("props: no setpriv: unreadable files were not tried")
        return
    scripts = [*rubric.parent.glob("*.lua"), *(ROOT / "scripts").glob("*.lua")]
    for path in (rubric, data, Path(program), *scripts):
        shutil.copy(path, folder / path.name)
        (folder / path.name).chmod(0o755)
    (folder / "secret.csv").write_text("id\n")
    (folder / "secret.csv").chmod(0)
    (folder / "a-folder").chmod(0o555)
    score = ["score", rubric.name]
    denied = {
        "an unreadable file": [*score, "secret.csv"],
        "a folder one may not write to": [*score, data.name, "-o", "a-folder/result.json"],
    }
    for what, arguments in denied.items():
        command = [*nobody, f"./{Path(program).name}", *arguments]
        # Where a build for coverage may write what it counts.
        env = {"GCOV_PREFIX": out}
        yield from judge(what, run(command[0], command[1:], out, folder, env))


# ---- the command ----

PROPERTIES = {
    "same data": same_data, "ranking": ranking, "sums": sums, "bytes": same_bytes, "shown": shown,
    "marks": marks,
}


def attempt(job):
    """(what was tried, what does not hold)."""
    name, what, prop, case, program = job
    with tempfile.TemporaryDirectory(prefix="kaoping-") as out:
        try:
            return f"{name}: {what}", list(prop(case, program, out))
        except (ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as error:
            return f"{name}: {what}", [f"{type(error).__name__}: {error}"]


def main():
    parser = argparse.ArgumentParser(description="Tries properties on the examples and at random.")
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"), help="what is tested")
    parser.add_argument("--seeds", type=int, default=12, help="so many random rubrics (12)")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    if not os.access(program, os.X_OK):
        parser.error(f"cannot run {args.program}")

    failed = 0
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder, ThreadPoolExecutor(2) as pool:
        tried = list(cases(args.seeds, Path(folder)))
        jobs = [(c.name, what, p, c, program) for c in tried for what, p in PROPERTIES.items()]
        if tried:
            what = "exit 3 and a message"
            jobs.append(("environment", what, environment_failures, tried[0], program))
        jobs = [job for job in jobs if not args.names or job[0] in args.names]
        for name, problems in pool.map(attempt, jobs):
            if problems:
                failed += 1
                print(f"props: {name} failed")
                for problem in problems[:10]:
                    print(f"    {problem}")
                if len(problems) > 10:
                    print(f"    and {len(problems) - 10} more")
    print(f"props: {len(jobs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
