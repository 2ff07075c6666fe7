"""The assessment sheet of one class of units, laid out from a rubric (see recompute.py).

A rubric may give any number by class and take items off a class's sheet (`for`, `since`, `until`),
so every class has a sheet of its own: a tree of sections and items in which each number is settled
and the sums are checked.

    Sheet ── root: Section ── members: [Item | Section, ...]      in the order of the printed sheet
          ├─ bonus, deductions: Section or None                   outside the total
          └─ nodes: {id: Item | Section}
"""

import yaml

from exact import RubricError, number, share
import conditions

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_INHERITED = ("for", "when", "missing", "not_applicable", "evidence", "since", "until")
_SECTION_KEYS = ("points", "combine", "factor", "scale", "floor", "cap", "keep", "drop", "weight",
                 "complete", "grades")
_MAPS_OF_THEIR_OWN = ("parts", "scores", "events")   # keyed by field or option, never by class
OUTSIDE = ("bonus", "deductions")


def load_yaml(path):
    with open(path, encoding="utf-8-sig") as source:
        return yaml.load(source, Loader=_LOADER)


class Item:
    """A leaf: what a class can earn for it, and how."""

    def __init__(self, raw, section, spec, policies):
        self.id = raw["id"]
        self.section = section
        self.points = number(spec["points"]) if "points" in spec else number("1")
        self.method = raw["method"]
        self.spec = spec
        self.weight = number(spec.get("weight", "1"))
        self.floor = spec.get("floor") != "none"
        self.cap = spec.get("cap") != "none"
        self.missing = policies.get("missing", "zero")
        self.policy = policies.get("not_applicable")
        self.when = conditions.parse(policies["when"]) if "when" in policies else None
        self.evidence = policies.get("evidence") == "required"
        self.outside = False


class Section:
    """A branch: members that belong together, and how their points combine."""

    def __init__(self, name, spec, members, policies):
        self.id = name
        self.members = members
        self.combine = spec.get("combine", "sum")
        self.factor = share(spec["factor"]) if "factor" in spec else 1
        self.scale = spec.get("scale") == "true"
        self.floor = spec.get("floor") != "none"
        self.cap = spec.get("cap") != "none"
        self.keep = spec.get("keep", "").split()
        self.drop = spec.get("drop", "").split()
        self.weight = number(spec.get("weight", "1"))
        self.complete = share(spec["complete"]) if "complete" in spec else None
        self.policy = policies.get("not_applicable")
        self.grades = spec.get("grades")
        self.outside = False
        self.full = sum(member.points for member in members)
        self.points = self._points(spec)

    def _points(self, spec):
        """The section's full marks; where they must follow from the members they are checked."""
        if spec.get("cap", "none") != "none":
            return number(spec["cap"])
        follows = self.full * self.factor if self.combine == "sum" else 1
        if "points" not in spec:
            return follows
        given = number(spec["points"])
        if self.combine == "sum" and not self.scale and given != follows:
            raise RubricError(f"section {self.id}: {given} points given, but its members have "
                              f"{follows}")
        return given

    def items(self):
        for member in self.members:
            if isinstance(member, Item):
                yield member
            else:
                yield from member.items()

    def sections(self):
        """All sections below this one, in the order of the sheet."""
        for member in self.members:
            if isinstance(member, Section):
                yield member
                yield from member.sections()


class Sheet:
    """Everything that is the same for all units of a class."""

    def __init__(self, raw, unit_class, classes):
        self.unit_class = unit_class
        self.classes = set(classes)
        self.period = raw.get("period", "")
        top = dict(raw, points=raw["total"])
        self.total = number(raw["total"])
        self.limit = None
        if raw.get("cap", "none") != "none":     # at the top a cap limits the total, bonus and all
            self.limit = number(self.settle(top.pop("cap")))
        policies = {key: raw[key] for key in _INHERITED if key in raw}
        self.root = self._section(top, None, policies)
        self.bonus, self.deductions = (self._outside(raw, name, policies) for name in OUTSIDE)
        self.nodes = self._index()
        self.gates = [self.settle(gate) for gate in raw.get("gates", [])]
        self.grades = self.settle(raw.get("grades", []))

    def settle(self, raw):
        """The same with every number by class replaced by this class's."""
        if isinstance(raw, list):
            return [self.settle(part) for part in raw]
        if not isinstance(raw, dict):
            return raw
        if raw and self.unit_class is not None and set(raw) <= self.classes:
            if self.unit_class not in raw:
                raise RubricError(f"{raw} lacks the class {self.unit_class}")
            return self.settle(raw[self.unit_class])
        return {key: {name: self.settle(part) for name, part in value.items()}
                if key in _MAPS_OF_THEIR_OWN and isinstance(value, dict) else self.settle(value)
                for key, value in raw.items()}

    def _on_sheet(self, policies):
        """Whether `for`, `since` and `until` leave it on this class's sheet in this period."""
        if "for" in policies and self.unit_class not in policies["for"]:
            return False
        return (_compare_periods(policies.get("since", ""), self.period) <= 0
                and _compare_periods(policies.get("until", ""), self.period) >= 0)

    def _section(self, raw, name, outer):
        policies = {**outer, **{key: raw[key] for key in _INHERITED if key in raw}}
        members = []
        for item in raw.get("items", []):
            own = {**policies, **{key: item[key] for key in _INHERITED if key in item}}
            if self._on_sheet(own):
                members.append(Item(item, name, self.settle(item), own))
        for section in raw.get("sections", []):
            inner = self._section(section, section["id"], policies)
            if inner:
                members.append(inner)
        if not members:
            return None                          # nothing of it stands on this class's sheet
        own_keys = {key: raw[key] for key in _SECTION_KEYS if key in raw}
        return Section(name, self.settle(own_keys), members, policies)

    def _outside(self, raw, name, policies):
        if name not in raw:
            return None
        section = self._section(raw[name], name, policies)
        if not section:
            return None
        for node in [section, *section.items(), *section.sections()]:
            node.outside = True
        return section

    def _index(self):
        nodes = {}
        for tree in (self.root, self.bonus, self.deductions):
            if tree:
                nodes.update({node.id: node for node in [tree, *tree.items(), *tree.sections()]
                              if node.id})
        return nodes


def _compare_periods(a, b):
    """Compared as text on what both give: 2024Q3 lies within 2024."""
    common = min(len(a), len(b))
    return (a[:common] > b[:common]) - (a[:common] < b[:common])
