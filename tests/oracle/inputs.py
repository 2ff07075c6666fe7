"""Unit data from CSV, YAML and JSON files (see recompute.py).

Several files merge by unit id: a unit may get some of its values from one file and some from
another, but never two different values for the same field.
"""

import csv
import io
import json

import yaml

from cells import EMPTY, read_cell
from exact import RubricError

_RESERVED = {"id": "编号", "name": "名称", "class": "类别", "parent": "上级", "period": "期间",
             "notes": "备注", "sort_key": None}
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Unit:
    """One organisation: its values by field id, and the items it lists evidence for."""

    def __init__(self, name):
        self.id = name
        self.name = None
        self.unit_class = None
        self.parent = None
        self.values = {}
        self.before = {}              # of the previous period; empty without a predecessor
        self.evidence = set()


def read_units(paths, rubric):
    """The units of all files in order of appearance, each with a Value for every field."""
    units = {}
    fields = rubric.get("fields", {})
    for path in paths:
        for row in _records(path, rubric):
            _merge(units.setdefault(row["id"], Unit(row["id"])), row, fields)
    for unit in units.values():
        for name in fields:
            unit.values.setdefault(name, EMPTY)
    return list(units.values())


def read_previous(paths, rubric, units):
    """Gives the units what they had in the previous period; whatever else stands there is passed
    over."""
    known = {unit.id: unit for unit in units}
    fields = rubric.get("fields", {})
    found = {}
    for path in paths:
        for row in _records(path, rubric, strict=False):
            if row["id"] in known:
                row["values"] = {name: text for name, text in row["values"].items()
                                 if name in fields}
                _merge(found.setdefault(row["id"], Unit(row["id"])), row, fields)
    for name, unit in found.items():
        known[name].before = unit.values


def _merge(unit, row, fields):
    unit.name = row.get("name") or unit.name
    unit.unit_class = row.get("class") or unit.unit_class
    unit.parent = row.get("parent") or unit.parent
    unit.evidence.update(row["evidence"])
    for name, text in row["values"].items():
        value = read_cell(text, fields[name])
        before = unit.values.get(name, EMPTY)
        if before != EMPTY and value != EMPTY and value != before:
            raise RubricError(f"unit {unit.id}: two values for {name}")
        if value != EMPTY:
            unit.values[name] = value


def _records(path, rubric, strict=True):
    with open(path, "rb") as source:
        text = _decode(source.read())
    if path.endswith(".csv"):
        return _csv_records(text, rubric, strict)
    if path.endswith(".json"):
        document = json.loads(text, parse_float=str, parse_int=str)
    else:
        document = yaml.load(text, Loader=_LOADER)
    return [_record(entry) for entry in document["units"]]


def _decode(raw):
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _record(entry):
    """A unit of a YAML or JSON list in the same shape as a row of CSV."""
    row = {key: entry[key] for key in _RESERVED if key in entry}
    row.setdefault("id", row.get("name"))
    row["values"] = {name: _flat(value) for name, value in entry.get("values", {}).items()}
    row["evidence"] = [item for item, references in entry.get("evidence", {}).items() if references]
    return row


def _flat(value):
    return ";".join(value) if isinstance(value, list) else value


def _csv_records(text, rubric, strict):
    rows = csv.reader(io.StringIO(text, newline=""))
    places = _columns(next(rows), rubric, strict)
    return [_csv_record(cells, places) for cells in rows if any(cells)]


def _columns(header, rubric, strict):
    """What each column of a header holds: ("reserved" | "field" | "evidence", its id), or None for
    one passed over."""
    known = {}
    for word, label in _RESERVED.items():
        renamed = rubric.get("columns", {}).get(word)
        known[word] = known[renamed or label or word] = ("reserved", word)
    for name, field in rubric.get("fields", {}).items():
        for heading in [name, field.get("label", name), *field.get("alias", [])]:
            known[heading] = ("field", name)
    for item in _all_items(rubric):
        for heading in ("evidence." + item["id"], "佐证:" + item.get("title", item["id"])):
            known[heading] = ("evidence", item["id"])
    for heading in rubric.get("columns", {}).get("ignore", []):
        known[heading] = None
    unknown = [heading for heading in header if heading.strip() not in known]
    if unknown and strict:
        raise RubricError(f"unknown columns {unknown}")
    return [known.get(heading.strip()) for heading in header]


def _all_items(node):
    for key in ("bonus", "deductions"):
        if key in node:
            yield from _all_items(node[key])
    yield from node.get("items", [])
    for section in node.get("sections", []):
        yield from _all_items(section)


def _csv_record(cells, places):
    row = {"values": {}, "evidence": []}
    for place, cell in zip(places, cells):
        if place is None:
            continue
        kind, name = place
        if kind == "reserved":
            row[name] = cell.strip()
        elif kind == "field":
            row["values"][name] = cell
        elif cell.strip():
            row["evidence"].append(name)
    row.setdefault("id", row.get("name"))
    return row
