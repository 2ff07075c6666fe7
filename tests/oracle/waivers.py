"""Waivers: which of a unit's items are excused, and how (see recompute.py).

A file whose name begins with `waivers.` holds waivers, in YAML, JSON or CSV.
"""

import calendar
import csv
from datetime import date
import io
import json
import os

import yaml

from cells import read_cell
from exact import RubricError
from sheet import Item

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_KEYS = {"unit": "单位编号", "item": "指标", "effect": "效力", "reason": "理由",
         "approved_by": "批准单位", "until": "有效期至"}
_EFFECTS = {"not_applicable": "not_applicable", "不适用": "not_applicable", "full": "full",
            "满分": "full"}


def split(paths):
    """(data files, waiver files) of a command line."""
    is_waivers = lambda path: os.path.basename(path).startswith("waivers.")
    return ([path for path in paths if not is_waivers(path)],
            [path for path in paths if is_waivers(path)])


class Waivers:
    """All waivers there are, for one rubric."""

    def __init__(self, entries, rubric):
        self.list = []
        for entry in entries:
            until = read_cell(entry["until"], {"type": "date"}).data if entry.get("until") else None
            waiver = {"unit": entry["unit"], "item": entry["item"],
                      "effect": _EFFECTS[entry["effect"]],
                      "expired": until is not None and until < _day_that_counts(rubric)}
            self.list.append(waiver)

    def of(self, unit):
        return [waiver for waiver in self.list if waiver["unit"] == unit.id]

    def effects(self, unit, sheet):
        """{item id: effect} of the waivers in force: of the item itself, else of the nearest
        section around it."""
        return self._spread(unit, sheet, False)

    def expired(self, unit, sheet):
        """The items whose only waivers have expired."""
        return set(self._spread(unit, sheet, True)) - set(self.effects(unit, sheet))

    def _spread(self, unit, sheet, expired):
        own = {}
        for waiver in self.of(unit):
            if waiver["expired"] == expired:
                if own.setdefault(waiver["item"], waiver["effect"]) != waiver["effect"] \
                        and not expired:
                    raise RubricError(f"unit {unit.id}: two waivers for {waiver['item']}")
        found = {}
        for tree in (sheet.root, sheet.bonus, sheet.deductions):
            if tree:
                _inherit(tree, own, own.get(tree.id), found)
        return found


def _inherit(section, own, effect, found):
    for member in section.members:
        nearest = own.get(member.id, effect)
        if isinstance(member, Item):
            if nearest:
                found[member.id] = nearest
        else:
            _inherit(member, own, nearest, found)


def _day_that_counts(rubric):
    """`issued`, or the last day of the period."""
    if "issued" in rubric:
        return date.fromisoformat(rubric["issued"])
    year, _, quarter = rubric["period"].partition("Q")
    month = 3 * int(quarter) if quarter else 12
    return date(int(year), month, calendar.monthrange(int(year), month)[1])


def read_waivers(paths, rubric):
    return Waivers([entry for path in paths for entry in _entries(path)], rubric)


def _entries(path):
    with open(path, encoding="utf-8-sig", newline="") as source:
        text = source.read()
    if path.endswith(".csv"):
        names = {**{name: name for name in _KEYS}, **{label: name for name, label in _KEYS.items()}}
        return [{names[heading]: cell for heading, cell in row.items()}
                for row in csv.DictReader(io.StringIO(text))]
    document = json.loads(text) if path.endswith(".json") else yaml.load(text, Loader=_LOADER)
    return document["waivers"]
