#!/usr/bin/env python3
"""Runs the examples of the documentation and of tests/rules/ against a built kaoping.

    python3 tests/run_examples.py KAOPING docs/methods.md tests/rules/*.yaml
    python3 tests/run_examples.py --console KAOPING README.md docs/*.md
    python3 tests/run_examples.py --list docs/methods.md tests/rules/*.yaml
    python3 tests/run_examples.py --show M-short-1 docs/methods.md

Where examples stand

    A Markdown file holds statements and one example after each. A statement is a paragraph that begins
    with its id in bold, **M-short-1**; its example is the next fenced block marked `yaml example`.
    A YAML file is a list of examples; each has its own `case:` (the id) and `sheet:` (what it stands for).

What an example holds

    It is a small YAML mapping: a piece of a rubric, what units submit, and what must come out.

    A piece of a rubric, completed by build_rubric():
      item:     one item            } put into one section called `sheet`;
      items:    several items       } an item without an id is called `task`
      section:  one section         } without an id it is called `sheet`
      sections: several sections
      fields:   {sessions: count} is short for {sessions: {type: count}}
      rubric:   a whole rubric, taken as it is
      base: a piece of a rubric, completed in the same way, and over: the keys of a rubric that extends it
                (base.yaml); the second is the one that scores
      Any other key of a rubric (bonus, gates, grades, round, missing, ...) is copied. Left out are filled in
      id, title, period 2024, total (from the points) and round: {item: 2, total: 2}.

    What units submit, one of:
      earns:    {value: points} for an item that reads one field, each pair a unit. `(empty)` is an empty
                cell. Instead of points may stand a state of the item (missing, not_applicable) or a mapping
                as in `items` below
      values:   {field: value} of a single unit, checked by `expect`
      units:    a list of units: reserved keys (id, class, ...), fields, `evidence.ITEM`, and `expect`
      data:     the text of a data file, or {file name: text}; `expect` is {unit id: ...}
                `encoding: gb18030` writes it in that encoding
      What they had in the previous period, given with --previous, is one of:
        in `units`, of each unit   previous: {field: value}
        previous: {field: value}   the same for every unit of `earns` or `values`
        previous: [{id: u1, ...}]  a list of units, as in `units`
        previous: TEXT             the text of a CSV file
      waivers:  a list of waivers, written to a file of its own; left out are filled in the reason, the
                approver, and not_applicable as the effect. `nothing` as a value leaves the key out
      Other files an example needs are `files: {name: text}`; `options: [...]` are passed to `score`.
      All but `data` are written as CSV, YAML or JSON, by turns or as `format:` says (`waivers_format:` for
      waivers), so that every reader is used.

    What must come out, `expect`, named for a unit (only what is named is checked):
      points, item               of the only item: its points, its state
      items, sections            {id: points, or a state, or {points: ..., state: ..., due: ..., of: ...}}
      total, exact, before_gates, due, of, rank, ranked, grade, grade_by_band, state, vetoed, reported, low,
      high, name, class          as in the JSON result; `nothing` is null; vetoed is yes or no
      without_waivers            {total: ..., grade_by_band: ..., state: ...}, or nothing
      gates                      exactly the gates that fired
      flags                      exactly the kinds of deficiencies
      deficiencies               [{item: ..., kind: ..., severity: ..., ...}]: each is among them
    for an example with `base`, of `kaoping rubric diff base.yaml rubric.yaml`:
      {changes: WORD}            words, data, outcome, points, or nothing
      {compared: {ID: ...}}      of a member: same, comparable, new, gone, or the keys that make its results
                                 not comparable
    and for the run:
      {refused: ID}              `kaoping score` finds this error and scores nothing
      {finding: ID}              `kaoping check` finds this error
      {warning: ID}              `kaoping check` prints this and still succeeds; may stand beside others
      {failed: ID}               a script fails: `kaoping score` finds this error, ends with 4 and writes nothing
      {exit: N}                  the exit status of `score` (0 unless said)

Numbers are compared as numbers: 17 is 17.00.
"""

import argparse
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

TIMEOUT = 60  # seconds for one run; an example takes milliseconds
WORKERS = 2

RESERVED = ("id", "name", "class", "parent", "period", "notes", "sort_key")
UNIT_KEYS = (
    "total", "exact", "before_gates", "due", "of", "rank", "ranked", "grade", "grade_by_band", "state",
    "vetoed", "reported", "low", "high", "name", "class", "parent",
)
OWN_KEYS = (
    "case", "sheet", "base", "over", "item", "items", "section", "sections", "rubric", "earns", "values", "units",
    "data", "previous", "encoding", "format", "files", "options", "waivers", "waivers_format", "expect",
)
SCORE_OPTIONS = ("--format", "json", "--quiet", "--lang", "en")
RUN_KEYS = ("refused", "finding", "warning", "failed", "exit", "changes", "compared")
REFUSALS = {"refused": 1, "failed": 4}  # and the exit status
ITEM_STATES = ("scored", "missing", "not_applicable", "waived", "error")


class BadExample(Exception):
    """The example itself makes no sense."""


# ---- YAML: every scalar is text, as kaoping reads it ----


class TextLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Scalars stay text; a repeated key is an error."""

    def construct_mapping(self, node, deep=False):
        pairs = [(self.construct_object(k, True), self.construct_object(v, True)) for k, v in node.value]
        mapping = dict(pairs)
        if len(mapping) != len(pairs):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return mapping


class PlainDumper(yaml.SafeDumper):
    """Writes text without quotes wherever the syntax allows it, as a person would."""

    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data):
        return True


def to_yaml(value):
    return yaml.dump(
        value, Dumper=PlainDumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )


def is_number(text):
    return isinstance(text, str) and re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


# ---- finding examples ----


class Example:
    def __init__(self, path, line, name, body):
        self.path, self.line, self.name, self.body = path, line, name, body

    def __str__(self):
        return f"{self.path}:{self.line}: {self.name}"


STATEMENT = re.compile(r"\*\*([A-Z]-[a-z0-9_]+-[0-9]+)\*\*")
FENCE = re.compile(r"(`{3,})\s*([^`]*)$")


def fenced_blocks(text):
    """(line number of the first line inside, info string, lines) of each fenced block, in order, with the
    lines between them as blocks of info None."""
    outside, start = [], 1
    fence, info, block, block_line = None, None, [], 0
    for number, line in enumerate(text.splitlines(), 1):
        mark = FENCE.match(line)
        if fence is None and mark:
            yield start, None, outside
            fence, info, block, block_line = mark.group(1), mark.group(2).strip(), [], number + 1
        elif fence is not None and line.strip() == fence:
            yield block_line, info, block
            fence, outside, start = None, [], number + 1
        elif fence is not None:
            block.append(line)
        else:
            outside.append(line)
    if fence is not None:
        raise BadExample(f"line {block_line}: the fenced block is never closed")
    yield start, None, outside


def examples_of_markdown(path, problems):
    text = Path(path).read_text(encoding="utf-8")
    waiting = None  # (id, line) of the statement whose example has not come yet
    for line, info, block in fenced_blocks(text):
        if info is None:
            for number, paragraph in enumerate(block, line):
                mark = STATEMENT.match(paragraph)
                if not mark:
                    continue
                if waiting:
                    problems.append(f"{path}:{waiting[1]}: {waiting[0]} has no example")
                waiting = (mark.group(1), number)
        elif info == "yaml example":
            if not waiting:
                problems.append(f"{path}:{line}: an example without a statement")
                continue
            name, waiting = waiting[0], None
            try:
                body = yaml.load("\n".join(block), TextLoader)
            except yaml.YAMLError as error:
                problems.append(f"{path}:{line}: {name}: not YAML: {error}")
                continue
            yield Example(path, line, name, body)
    if waiting:
        problems.append(f"{path}:{waiting[1]}: {waiting[0]} has no example")


def examples_of_yaml(path, problems):
    loader = TextLoader(Path(path).read_text(encoding="utf-8"))
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.SequenceNode):
            problems.append(f"{path}: not a list of cases")
            return
        for node in root.value:
            body = loader.construct_document(node)
            line = node.start_mark.line + 1
            if "case" not in body or "sheet" not in body:
                problems.append(f"{path}:{line}: a case needs `case` and `sheet`")
                continue
            yield Example(path, line, body["case"], body)
    except yaml.YAMLError as error:
        problems.append(f"{path}: not YAML: {error}")
    finally:
        loader.dispose()


def find_examples(paths, problems):
    examples, first = [], {}
    for path in paths:
        try:
            reader = examples_of_markdown if path.endswith(".md") else examples_of_yaml
            found = list(reader(path, problems))
        except (OSError, UnicodeDecodeError, BadExample) as error:
            problems.append(f"{path}: {error}")
            continue
        if not found:
            problems.append(f"{path}: no example in it")
        for example in found:
            if example.name in first:
                problems.append(f"{example}: this id is already used at {first[example.name]}")
            else:
                first[example.name] = f"{example.path}:{example.line}"
            examples.append(example)
    return examples


# ---- from an example to a rubric ----


def number(text):
    """A plain number as a Decimal, else None: maps by class, expressions."""
    return Decimal(text) if is_number(text) else None


def full_marks(member):
    """The points of a section or item, or None where they cannot be told from it alone."""
    if "points" in member:
        return number(member["points"])
    if "cap" in member and is_number(member["cap"]):
        return number(member["cap"])
    if member.get("combine", "sum") != "sum" or member.get("scale") or "keep" in member or "drop" in member:
        return None
    points = [full_marks(m) for m in member.get("items", []) + member.get("sections", [])]
    if not points or None in points:
        return None
    factor = member.get("factor", "100%")
    if not isinstance(factor, str) or not is_number(factor.rstrip("%")):
        return None
    return sum(points) * Decimal(factor.rstrip("%")) / 100


def named(member, fallback):
    """The member with an id and a title, both first."""
    member = dict(member)
    member_id = member.pop("id", fallback)
    if member_id is None:
        raise BadExample("one of several members has no id")
    title = member.pop("title", member_id)
    for kind in ("items", "sections"):
        if kind in member:
            alone = len(member[kind]) == 1
            child = "task" if kind == "items" else "part"
            member[kind] = [named(m, child if alone else None) for m in member[kind]]
    return {"id": member_id, "title": title, **member}


def sections_of(body):
    """The rubric's sections, however the example gives them."""
    given = [k for k in ("item", "items", "section", "sections") if k in body]
    if len(given) != 1:
        raise BadExample("one of item, items, section, sections, rubric is needed")
    if given[0] == "item":
        return [named({"items": [body["item"]]}, "sheet")]
    if given[0] == "items":
        return [named({"items": body["items"]}, "sheet")]
    if given[0] == "section":
        return [named(body["section"], "sheet")]
    return named({"sections": body["sections"]}, "")["sections"]


def build_rubric(body, name):
    if "rubric" in body:
        return body["rubric"]
    if "base" in body:
        return {"kaoping": "1", "extends": "base.yaml", **body["over"]}
    sections = sections_of(body)
    rubric = {"kaoping": "1", "id": "example", "title": name, "period": "2024"}
    top = {key: body[key] for key in ("combine", "factor", "keep", "drop") if key in body}
    total = body.get("total") or full_marks({**top, "sections": sections})
    if total is None:
        raise BadExample("the total cannot be told from the points: give `total`")
    rubric["total"] = total if isinstance(total, str) else f"{total.normalize():f}"
    rubric["round"] = {"item": "2", "total": "2"}
    for key, value in body.items():
        if key not in OWN_KEYS and key != "total":
            rubric[key] = value
    rubric["fields"] = {
        field: {"type": about} if isinstance(about, str) else about
        for field, about in body.get("fields", {}).items()
    }
    for extra in ("bonus", "deductions"):
        if extra in rubric:
            rubric[extra] = {k: v for k, v in named(rubric[extra], extra).items() if k not in ("id", "title")}
    if "gates" in rubric:
        rubric["gates"] = [named(gate, None) for gate in rubric["gates"]]
    # fields and sections last but for what refers to them: the order of a printed sheet
    for key in ("fields", "sections", "bonus", "deductions", "gates", "grades", "ranking"):
        if key == "sections":
            rubric[key] = sections
        elif key in rubric:
            rubric[key] = rubric.pop(key)
    return rubric


# ---- from an example to data and expectations ----


def field_read(body):
    """The field that `earns` is about."""
    item = body.get("item")
    if item and "field" in item:
        return item["field"]
    if len(body.get("fields", {})) == 1:
        return next(iter(body["fields"]))
    raise BadExample("`earns` needs an item that reads one field")


def item_expectation(wanted):
    """`earns` gives points, a state or a mapping for the only item."""
    if isinstance(wanted, dict):
        return {"item": wanted}
    return {"item": wanted} if wanted in ITEM_STATES else {"points": wanted}


def check_expectations(body, rows):
    """Nothing expected, or expected in the wrong place, is a slip of the pen that would pass unseen."""
    expect = body.get("expect", {})
    if not isinstance(expect, dict):
        raise BadExample("`expect` is not a mapping")
    if "values" not in body and rows is not None and set(expect) - set(RUN_KEYS):
        raise BadExample("with `earns` or `units` what is expected of a unit stands there")
    if not expect and not any(wanted for _, wanted, _ in rows or []):
        raise BadExample("nothing is expected")


def rows_of(body):
    """[(cells of a unit, expectation, what to call it in a message)]; None for `data`."""
    if "earns" in body:
        field = field_read(body)
        return [
            (
                {"id": f"u{n}", field: "" if value == "(empty)" else value},
                item_expectation(wanted),
                f"{field} {value}",
            )
            for n, (value, wanted) in enumerate(body["earns"].items(), 1)
        ]
    if "values" in body:
        expect = {k: v for k, v in body.get("expect", {}).items() if k not in RUN_KEYS}
        return [({"id": "u1", **body["values"]}, expect, "the unit")]
    if "units" in body:
        rows = []
        for n, unit in enumerate(body["units"], 1):
            cells = {"id": f"u{n}", **unit}
            expect = cells.pop("expect", {})
            cells.pop("previous", None)
            rows.append((cells, expect, f"unit {cells['id']}"))
        return rows
    if "data" in body or "compared" in body.get("expect", {}):
        return None
    raise BadExample("one of earns, values, units, data is needed")


def rows_before(body, rows):
    """What the units had in the previous period: a list of cells, the text of a file, or None."""
    previous = body.get("previous")
    if isinstance(previous, dict):
        return [{"id": cells["id"], **previous} for cells, _, _ in rows]
    if isinstance(previous, list):
        return [{"id": f"u{n}", **cells} for n, cells in enumerate(previous, 1)]
    if previous is not None:
        return previous
    own = [
        {"id": unit.get("id", f"u{n}"), **unit["previous"]}
        for n, unit in enumerate(body.get("units", []), 1)
        if "previous" in unit
    ]
    return own or None


def as_csv(rows):
    columns = list(dict.fromkeys(column for cells in rows for column in cells))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for cells in rows:
        writer.writerow([cells.get(column, "") for column in columns])
    return out.getvalue()


def as_tree(rows):
    """The rows as YAML and JSON hold them; an empty cell is left out."""
    units = []
    for cells in rows:
        unit, values, evidence = {}, {}, {}
        for key, value in cells.items():
            if value == "":
                continue
            if key in RESERVED:
                unit[key] = value
            elif key.startswith("evidence."):
                evidence[key.removeprefix("evidence.")] = [part.strip() for part in value.split(";")]
            else:
                values[key] = value
        unit["values"] = values
        if evidence:
            unit["evidence"] = evidence
        units.append(unit)
    return {"units": units}


def as_json(value, numeric, key=None):
    """JSON in which numbers keep the digits they were written with. They stand without quotes where they are
    values of the fields named in `numeric`."""
    if isinstance(value, dict):
        pairs = (f"{as_json(k, numeric)}: {as_json(v, numeric, k)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_json(v, numeric) for v in value) + "]"
    if key in numeric and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", value):
        return value
    return json.dumps(value, ensure_ascii=False)


def numeric_fields(body):
    fields = body.get("fields") or body.get("rubric", body.get("base", {})).get("fields", {})
    kinds = {f: about.get("type") if isinstance(about, dict) else about for f, about in fields.items()}
    return {f for f, kind in kinds.items() if kind in ("count", "number", "percent")}


def data_files(body, rows, form):
    """{file name: bytes} of what units submit."""
    if rows is None:
        data = body.get("data", {})
        data = data if isinstance(data, dict) else {"units.csv": data}
        return {name: text.encode(body.get("encoding", "utf-8")) for name, text in data.items()}
    return written(body, [row[0] for row in rows], form, "units")


def written(body, cells, form, name):
    """{file name: bytes} of units in one of the three formats."""
    if form == "csv":
        return {f"{name}.csv": as_csv(cells).encode()}
    if form == "yaml":
        return {f"{name}.yaml": to_yaml(as_tree(cells)).encode()}
    if form == "json":
        return {f"{name}.json": (as_json(as_tree(cells), numeric_fields(body)) + "\n").encode()}
    raise BadExample(f"format: {form}")


def previous_files(body, rows, form):
    """{file name: bytes} of the previous period."""
    before = rows_before(body, rows)
    if isinstance(before, str):
        return {"previous.csv": before.encode()}
    return written(body, before, form, "previous") if before is not None else {}


WAIVER_DEFAULTS = {"effect": "not_applicable", "reason": "无此项工作", "approved_by": "考核办"}


def waiver_files(body, form):
    """{file name: bytes} of the example's waivers."""
    if "waivers" not in body:
        return {}
    form = body.get("waivers_format", form)
    rows = [
        {key: value for key, value in {**WAIVER_DEFAULTS, **waiver}.items() if value != "nothing"}
        for waiver in body["waivers"]
    ]
    if form == "csv":
        text = as_csv(rows)
    elif form == "json":
        text = as_json({"waivers": rows}, ())
    else:
        text = to_yaml({"waivers": rows})
    return {f"waivers.{form}": text.encode()}


# ---- comparing ----


def plain(value):
    """A value of the JSON result as an example writes it."""
    if value is None:
        return "nothing"
    if value is True or value is False:
        return "yes" if value else "no"
    return value


def same(wanted, got):
    got = plain(got)
    if not isinstance(wanted, str) or not isinstance(got, str):
        return wanted == got
    if wanted == got:
        return True
    if wanted.endswith("%") != got.endswith("%"):
        return False
    try:
        return Decimal(wanted.rstrip("%")) == Decimal(got.rstrip("%"))
    except InvalidOperation:
        return False


def compare_member(label, wanted, got, differ):
    if isinstance(wanted, str):
        wanted = {"state": wanted} if wanted in ITEM_STATES else {"points": wanted}
    if got is None:
        differ(label, "to be there", "nothing")
        return
    for key, value in wanted.items():
        if not same(value, got.get(key)):
            differ(f"{label} {key}", value, plain(got.get(key)))


def compare_unit(wanted, unit, differ):
    items = {item["id"]: item for item in unit.get("items", [])}
    sections = {section["id"]: section for section in unit.get("sections", [])}
    for key, value in wanted.items():
        if key in ("points", "item"):
            if len(items) != 1:
                raise BadExample(f"`{key}` needs an example with one item; use `items`")
            compare_member("the item", value, next(iter(items.values())), differ)
        elif key == "items":
            for member, about in value.items():
                compare_member(f"item {member}", about, items.get(member), differ)
        elif key == "sections":
            for member, about in value.items():
                compare_member(f"section {member}", about, sections.get(member), differ)
        elif key == "gates":
            got = unit.get("gates", [])
            if sorted(value) != sorted(got):
                differ("gates", value, got)
        elif key == "flags":
            got = sorted({d["kind"] for d in unit.get("deficiencies", [])})
            if sorted(value) != got:
                differ("flags", value, got)
        elif key == "deficiencies":
            for about in value:
                if not any(all(same(v, d.get(k)) for k, v in about.items()) for d in unit["deficiencies"]):
                    differ("deficiencies", about, unit["deficiencies"])
        elif key == "without_waivers" and isinstance(value, dict):
            compare_member(key, value, unit.get(key), differ)
        elif key in UNIT_KEYS or key == "without_waivers":
            if not same(value, unit.get(key)):
                differ(key, value, plain(unit.get(key)))
        else:
            raise BadExample(f"expect: {key} is not known")


# ---- running ----


def run(command, folder):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en", COLUMNS="100", NO_COLOR="1")
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, b"", f"still running after {TIMEOUT} s".encode())


def build_files(example):
    """({file name: bytes}, arguments that give the data, rows or None)."""
    body = example.body
    if not isinstance(body, dict):
        raise BadExample("not a mapping")
    rows = rows_of(body)
    check_expectations(body, rows)
    # the id decides the format, so that an example keeps its own when others are added
    form = ("csv", "yaml", "csv", "json")[zlib.crc32(example.name.encode()) % 4]
    data = data_files(body, rows, body.get("format", form))
    files = {"rubric.yaml": to_yaml(build_rubric(body, example.name)).encode()}
    if "base" in body:
        files["base.yaml"] = to_yaml(build_rubric(body["base"], example.name)).encode()
    files.update({name: text.encode() for name, text in body.get("files", {}).items()})
    files.update(data)
    previous = previous_files(body, rows, body.get("format", form))
    files.update(previous)
    files.update(waiver_files(body, form))
    return files, [*data, *(word for name in previous for word in ("--previous", name))], rows


def waiver_options(folder):
    return [word for path in sorted(Path(folder).glob("waivers.*")) for word in ("--waivers", path.name)]


def check_run(example, kaoping, folder, data, report):
    """What `expect` says of the run as a whole. True if there is nothing to score."""
    waivers = waiver_options(folder)
    expect = example.body.get("expect", {})
    for word in REFUSALS.keys() & expect.keys():
        options = [*waivers, *SCORE_OPTIONS, *example.body.get("options", [])]
        ran = run([kaoping, "score", "rubric.yaml", *data, *options], folder)
        stderr = ran.stderr.decode(errors="replace")
        if ran.returncode != REFUSALS[word]:
            report(f"expected exit status {REFUSALS[word]} ({word}), got {ran.returncode}", stderr)
        elif f"[{expect[word]}]" not in stderr:
            report(f"expected the finding [{expect[word]}]", stderr)
        elif ran.stdout.strip():
            report(f"{word}, but there is a result: {ran.stdout[:200]!r}", stderr)
        return True
    word, status = expect.get("finding"), 1
    if word is None:
        word, status = expect.get("warning"), 0
    if word is None:
        return False
    ran = run([kaoping, "check", "rubric.yaml", *data, *waivers, "--lang", "en"], folder)
    stderr = ran.stderr.decode(errors="replace")
    if ran.returncode != status:
        report(f"check: expected exit status {status}, got {ran.returncode}", stderr)
    elif f"[{word}]" not in stderr:
        report(f"check: expected the finding [{word}]", stderr)
    return status == 1


def compare_rubrics(example, kaoping, folder, report):
    """What `expect` says of base.yaml and rubric.yaml held against each other."""
    expect = example.body.get("expect", {})
    if "changes" not in expect and "compared" not in expect:
        return
    ran = run([kaoping, "rubric", "diff", "base.yaml", "rubric.yaml", "--format", "json"], folder)
    if ran.returncode != 0:
        report(f"rubric diff: exit status {ran.returncode}", ran.stderr.decode(errors="replace"))
        return
    diff = json.loads(ran.stdout)
    if "changes" in expect and not same(expect["changes"], diff["changes"]):
        report(f"rubric diff: changes: expected {expect['changes']}, got {diff['changes']}")
    members = {member["id"]: member for member in diff["members"]}
    for name, wanted in expect.get("compared", {}).items():
        about = members.get(name, {})
        got = about.get("why") or about.get("change")
        if got in ("changed", "renamed") and about.get("comparable", True):
            got = "comparable"
        if wanted != got:
            report(f"rubric diff: {name}: expected {wanted}, got {got}")


def file_text(name, content):
    return f"--- {name}\n{content.decode(errors='replace').rstrip()}"


def run_example(example, kaoping):
    """A list of messages; empty if all is as it should be."""
    messages, noise = [], []

    def report(message, stderr=""):
        messages.append(message)
        if stderr.strip():
            noise.append(stderr.strip())

    try:
        files, data, rows = build_files(example)
    except (BadExample, KeyError, TypeError, AttributeError, ValueError) as error:
        return [f"the example itself: {type(error).__name__}: {error}"]
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            compare_rubrics(example, kaoping, folder, report)
            if not check_run(example, kaoping, folder, data, report) and data:
                score_run(example, kaoping, folder, data, rows, report)
        except BadExample as error:
            report(f"the example itself: {error}")
    if messages:
        shown = [file_text(name, content) for name, content in files.items()]
        shown += [f"--- standard error\n{text}" for text in dict.fromkeys(noise)]
        messages.append("\n".join(shown))
    return messages


def score_run(example, kaoping, folder, data, rows, report):
    body = example.body
    expect = body.get("expect", {})
    options = [*SCORE_OPTIONS, *waiver_options(folder), *body.get("options", [])]
    ran = run([kaoping, "score", "rubric.yaml", *data, *options], folder)
    stderr = ran.stderr.decode(errors="replace")
    status = int(expect.get("exit", 0))
    if ran.returncode != status:
        report(f"expected exit status {status}, got {ran.returncode}", stderr)
        return
    try:
        result = json.loads(ran.stdout, parse_float=str, parse_int=str)
        units = {unit["id"]: unit for unit in result["units"]}
    except (ValueError, KeyError, TypeError) as error:
        report(f"no JSON result: {error}: {ran.stdout[:200]!r}", stderr)
        return
    if rows is None:
        wanted = [(name, about, f"unit {name}") for name, about in expect.items() if name not in RUN_KEYS]
    else:
        wanted = [(cells["id"], about, label) for cells, about, label in rows]
    for name, about, label in wanted:
        if name not in units:
            report(f"{label}: not in the result", stderr)
            continue
        unit = units[name]
        reasons = "; ".join(f"{i['id']}: {i['reason']}" for i in unit.get("items", []) if i.get("reason"))

        def differ(what, value, got, label=label, reasons=reasons):
            why = f"  ({reasons})" if reasons else ""
            report(f"{label}: {what}: expected {value}, got {got}{why}", stderr)

        compare_unit(about, unit, differ)


def run_all(examples, kaoping):
    """The number of examples that fail."""
    with ThreadPoolExecutor(WORKERS) as pool:
        results = pool.map(lambda example: run_example(example, kaoping), examples)
        failed = 0
        for example, messages in zip(examples, results):
            if messages:
                failed += 1
                print(f"FAIL {example}")
                for message in messages:
                    print("    " + message.replace("\n", "\n    "))
    return failed


# ---- console blocks ----

TODAY = "2025-01-10"
COMMAND = re.compile(r"\$ ((?:(?:[A-Z_]+=\S+ )*kaoping|sed|cp)\b.*)")


def console_runs(path):
    """(line number, command, expected lines, its time) of each `$ kaoping ...` (or sed, cp) in the console blocks.
    Runs are made at the time of the last `<!-- today: 2024-01-08 -->` before them."""
    text = Path(path).read_text(encoding="utf-8")
    days = [(text.count("\n", 0, m.start()), m.group(1)) for m in re.finditer(r"<!-- today: (\S+) -->", text)]
    for line, info, block in fenced_blocks(text):
        if info != "console":
            continue
        today = ([TODAY] + [day for at, day in days if at < line])[-1]
        current = None
        for number, content in enumerate(block, line):
            if content.startswith("$ "):
                if current:
                    yield current
                mark = COMMAND.match(content)
                current = (number, mark.group(1), [], today) if mark else None
            elif current and not current[2] and current[1].endswith("\\"):
                current = (current[0], current[1][:-1] + content.strip(), [], today)
            elif current:
                current[2].append(content.rstrip())
        if current:
            yield current


def seconds(day):
    return str(int(datetime.fromisoformat(f"{day}T08:00:00+00:00").timestamp()))


def matches(wanted, got):
    """Whether the lines are the same; a line `...` stands for any number of lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in wanted)
    return re.fullmatch(pattern, "".join(line + "\n" for line in got)) is not None


def run_console(paths, kaoping):
    """(runs, failures). Commands run one after the other, in a folder that shows what the root of the repository
    has and takes what they write."""
    root = Path(__file__).resolve().parent.parent
    count = failed = 0
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        (Path(folder) / "kaoping").symlink_to(kaoping)
        work = Path(folder) / "work"
        work.mkdir()
        for entry in root.iterdir():
            if entry.is_dir():
                (work / entry.name).symlink_to(entry)
            else:
                shutil.copy(entry, work)  # a command that writes over it must not reach the repository
        environment = dict(os.environ, LC_ALL="C.UTF-8", COLUMNS="80")
        environment["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")
        for path in paths:
            environment["LANGUAGE"] = "zh_CN" if path.endswith(".zh_CN.md") else "en"
            for line, command, wanted, today in console_runs(path):
                count += 1
                environment["SOURCE_DATE_EPOCH"] = seconds(today)
                ran = subprocess.run(
                    ["sh", "-c", command], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT,
                )
                got = [content.rstrip() for content in ran.stdout.decode(errors="replace").splitlines()]
                while got and not got[-1]:
                    got.pop()
                while wanted and not wanted[-1]:
                    wanted.pop()
                if matches(wanted, got):
                    continue
                failed += 1
                print(f"FAIL {path}:{line}: $ {command}   (exit status {ran.returncode})")
                print("    --- expected\n    " + "\n    ".join(wanted))
                print("    --- came\n    " + "\n    ".join(got))
    return count, failed


# ---- the command ----


def main():
    parser = argparse.ArgumentParser(
        description="Runs the examples of the documentation and of tests/rules/ against a built kaoping.",
        epilog="Exit status: 0 as expected, 1 a failure or a senseless example, 2 wrong usage.",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--console", action="store_true", help="run the `console` blocks of Markdown files")
    how.add_argument("--list", action="store_true", help="print the ids (without KAOPING) and check them")
    how.add_argument("--show", metavar="ID", help="print the files an example becomes (without KAOPING)")
    parser.add_argument("--only", metavar="TEXT", help="run the examples whose id begins with this")
    parser.add_argument("arguments", nargs="+", metavar="KAOPING FILE...", help="the program, then the files")
    args = parser.parse_args()

    if args.list or args.show:
        kaoping, paths = None, args.arguments
    else:
        kaoping, paths = os.path.abspath(args.arguments[0]), args.arguments[1:]
        if not paths:
            parser.error("no files")
        if not os.access(kaoping, os.X_OK):
            parser.error(f"cannot run {args.arguments[0]}")

    if args.console:
        count, failed = run_console(paths, kaoping)
        print(f"{count} console runs, {failed} failed")
        return 1 if failed or not count else 0

    problems = []
    examples = find_examples(paths, problems)
    for problem in problems:
        print(problem)
    if args.list:
        for example in examples:
            print(f"{example.name}\t{example.path}:{example.line}")
        return 1 if problems else 0
    if args.show:
        for example in examples:
            if example.name == args.show:
                for name, content in build_files(example)[0].items():
                    print(file_text(name, content))
                return 0
        parser.error(f"no example {args.show}")
    examples = [e for e in examples if not args.only or e.name.startswith(args.only)]
    failed = run_all(examples, kaoping)
    print(f"{len(examples)} examples, {failed} failed" + (f", {len(problems)} problems" if problems else ""))
    return 1 if failed or problems else 0


if __name__ == "__main__":
    sys.exit(main())
