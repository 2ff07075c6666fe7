"""The points of one unit, in the order of calculation (see recompute.py).

    item     value -> floor, cap -> ceiling -> round.item
    section  keep/drop -> combine, rescaled -> scale or factor -> floor, cap -> zero, ceiling
             -> round.section
    total    sections -> + bonus - deductions -> floor 0 -> round.total -> the gates' cap

A unit is scored once as it is. Its bounds then run the same tree again with what is missing worth
nothing, and worth full marks; states, fired gates, bonus and deductions stay as they were found.
"""

from collections import namedtuple
from fractions import Fraction

import conditions
from cells import NOT_APPLICABLE, UNCLEAR, reported
from exact import (RubricError, carried, geometric_mean, harmonic_mean, number, rounded, share,
                   value_of)
from methods import METHODS, NotApplicable, NotReported, Outcome, Reading, figure_before
from sheet import Item

_COUNTS_AS_SCORED = ("full", "zero", "share")

# What a section or the total rests on: how much of the full marks applied, and how much of that
# was reported.
Basis = namedtuple("Basis", "due reported")


class Finding:
    """One item of one unit before any gate: its state and its unrounded outcome."""

    def __init__(self, item, state, outcome):
        self.item = item
        self.state = state
        self.outcome = outcome            # None where the item leaves the sheet

    def basis(self):
        applies = self.state not in ("not_applicable", "waived") or self.outcome is not None
        told = applies and self.state != "missing"
        share_told = self.outcome.told if self.outcome is not None else 1
        return Basis(self.item.points if applies else 0, self.item.points * share_told if told else 0)

    def value(self, view):
        """The item's points before floor and cap, in the actual run or at one of the bounds."""
        if view != "actual" and self.state == "missing" and not self.item.outside:
            return Fraction(0) if view == "low" else self.item.points
        if self.outcome is None:
            return None
        if view == "low" and self.outcome.worst is not None:
            return self.outcome.worst
        return self.outcome.best if view == "high" else self.outcome.points


class Scorer:
    """Scores the units of one rubric; class figures come from `engine`."""

    def __init__(self, engine, sheet, unit, waived):
        self.engine = engine
        self.waived = waived      # item id -> effect
        self.sheet = sheet
        self.unit = unit
        self.findings = {}        # item id -> Finding
        self.points = {}          # item or section id -> points as shown; None without a result
        self.carried = {}         # section id -> points as carried
        self.basis = {}           # item or section id -> Basis; that of the total under None
        self.fired = set()
        self._gates_done = set()

    # --- the actual run ---------------------------------------------------------------------------

    def run(self):
        root = self.sheet.root
        self.base = self._section(root, "actual")
        self.points["base"] = None if self.base is None else value_of(self.base)
        for section in (self.sheet.bonus, self.sheet.deductions):
            if section:
                self._section(section, "actual")
        self._add_up()
        self._final_gates()
        return self

    def _add_up(self):
        self.before_gates = self.exact = None
        if self.base is not None:
            self.exact, self.before_gates = self._sum(self.base)
        self.points["total"] = self.before_gates

    def _sum(self, base):
        """The total before and after round.total, from the sum of the sections."""
        total = base
        if self.sheet.bonus:
            total += self.carried["bonus"] or 0
        if self.sheet.deductions:
            total -= self.carried["deductions"] or 0
        if self.sheet.root.floor:
            total = max(Fraction(0), total)
        if self.sheet.limit is not None:
            total = min(total, self.sheet.limit)
        return value_of(total), rounded(total, self.engine.places["total"])

    def _final_gates(self):
        """Gates on the total, then those on the grade."""
        self._decide([gate for gate in self.sheet.gates if "cap" in gate["effect"]])
        self.total = self.before_gates
        if self.total is not None:
            self.total, self.exact = self._capped(self.total), self._capped(self.exact)
            self.points["total"] = self.total
        self._decide(self.sheet.gates)

    def _capped(self, total):
        caps = [number(gate["effect"]["cap"]) for gate in self.fired_gates("cap")]
        return min([total, *caps])

    # --- the bounds -------------------------------------------------------------------------------

    def bounds(self):
        """The rounded total were all that is missing worth nothing, and were it worth all."""
        if not self.total_basis().due and self.total is None:
            return None, None
        ends = self._bound("low"), self._bound("high")
        return ends if None in ends else (min(ends), max(ends))  # a section's formula may fall

    def _bound(self, view):
        base = self._section(self.sheet.root, view)
        return None if base is None else self._capped(self._sum(base)[1])

    def total_basis(self):
        return self.basis[None]

    def is_complete(self):
        asking = [section for section in [self.sheet.root, *self.sheet.root.sections()]
                  if section.complete is not None]
        basis = self.basis
        return all(basis[section.id].reported >= section.complete * basis[section.id].due
                   for section in asking)

    # --- items ------------------------------------------------------------------------------------

    def _item(self, item, view):
        if view == "actual":
            self.findings[item.id] = self._find(item)
            self.basis[item.id] = self.findings[item.id].basis()
        value = self.findings[item.id].value(view)
        if value is None:
            if view == "actual":
                self.points[item.id] = None
                self._decide(self._gates_on(item.id))
            return None
        value = value_of(_clamped(value, item))
        value = self._limited(item, value, view)
        points = rounded(value, self.engine.places["item"])
        if view == "actual":
            self.points[item.id] = points
        return points

    def _find(self, item):
        if self.waived.get(item.id) == "full":
            if item.outside:
                raise RubricError(f"item {item.id} is waived with full marks")
            return Finding(item, "waived", Outcome(item.points, item.points))
        if item.id in self.waived:
            return Finding(item, "waived", self._not_applicable(item))
        try:
            outcome = self._outcome(item)
        except NotReported:
            return Finding(item, "missing", self._missing(item))
        except NotApplicable:
            return Finding(item, "not_applicable", self._not_applicable(item))
        if item.evidence and item.id not in self.unit.evidence:
            outcome = Outcome(Fraction(0), Fraction(0))
        return Finding(item, "scored", outcome)

    def _outcome(self, item):
        if item.when:
            look_up = lambda name: self.look_up(name, item)
            applies = conditions.holds(item.when, look_up)
            silent = conditions.silent(item.when, look_up)
            if not silent and (applies is False or applies is None
                               and conditions.lacks(item.when, look_up)):
                raise NotApplicable
            if not applies:
                raise NotReported
        reading = Reading(self.unit, self.engine.fields, item,
                          self.engine.figures_for(self.unit))
        if item.method == "children":
            outcome = self.engine.below.outcome(item, self.unit)
        elif item.method == "period":
            outcome = self._of_period(item)
        else:
            outcome = METHODS[item.method](item, reading)
        points = [None if points is None else value_of(Fraction(points)) for points in outcome[:3]]
        return Outcome(*points, outcome.told)

    def _of_period(self, item):
        found = self.engine.totals.get(item.spec["period"], {}).get(self.unit.id)
        if found is None:
            raise NotReported
        total, of, low, high, told = found
        return Outcome(item.points * total / of, item.points * high / of, item.points * low / of, told)

    @staticmethod
    def _missing(item):
        if item.outside or item.missing in ("zero", "none"):
            return Outcome(Fraction(0), Fraction(0))
        if item.missing == "unscored":
            return None
        raise RubricError(f"item {item.id} is not reported")

    @staticmethod
    def _not_applicable(item):
        if item.outside or item.policy == "zero":
            return Outcome(Fraction(0), Fraction(0))
        if item.policy == "full":
            return Outcome(item.points, item.points)
        if isinstance(item.policy, dict):
            part = item.points * share(item.policy["share"])
            return Outcome(part, part)
        if item.policy not in ("rescale", "even"):
            raise RubricError(f"item {item.id} is not applicable and no policy is stated")
        return None

    def look_up(self, name, item=None):
        """The Value behind a name in a condition."""
        head, _, rest = name.partition(".")
        if head == "points":
            points = self.points.get(rest)
            if points is None:
                return UNCLEAR if self._left_silently(rest) else NOT_APPLICABLE
            return reported(points)
        if head == "grade":
            return self._section_grade(rest)
        if head == "children":
            return self.engine.below.look_up(self.unit, rest)
        if head == "previous":
            return figure_before(self.unit.before, rest)
        if name not in self.unit.values:
            raise RubricError(f"a condition names {name}, which is no field")
        return self.unit.values[name]

    def _left_silently(self, name):
        """Something there applies, but nothing is reported of it that counts."""
        return name in self.basis and self.basis[name].due > 0

    def _section_grade(self, name):
        points = self.points.get(name)
        if points is None:
            return UNCLEAR
        return reported(band_of(self.sheet.settle(self.sheet.nodes[name].grades), points)["name"])

    # --- sections ---------------------------------------------------------------------------------

    def _section(self, section, view):
        """The section's points as carried, or None; in the actual run everything found is kept."""
        score = lambda member: self._item if isinstance(member, Item) else self._section
        results = [(member, score(member)(member, view)) for member in section.members]
        if view == "actual":
            self.basis[section.id] = self._basis_of(section)
        result = combine(section, results, lambda member: self._is_even(member))
        if result is not None:
            result = carried(_clamped(result, section))
            if section.id:
                result = self._limited(section, result, view)
                if self.engine.places["section"] is not None:
                    result = rounded(result, self.engine.places["section"])
        elif view == "actual" and section.id:
            self.points[section.id] = None
            self._decide(self._gates_on(section.id))
        if view == "actual" and section.id:
            self.points[section.id] = None if result is None else value_of(result)
            self.carried[section.id] = result
        return result

    def _is_even(self, member):
        """Whether a member without a result passes its points on in equal parts."""
        if isinstance(member, Item) and self.findings[member.id].state == "missing":
            return False
        return member.policy == "even"

    def _basis_of(self, section):
        parts = [(member, self.basis[member.id]) for member in section.members]
        if section.combine == "sum":
            whole = section.full
            sums = [sum(basis[kind] for _, basis in parts) for kind in (0, 1)]
        else:
            weigh = any(member.weight for member, _ in parts)
            weights = [member.weight if weigh else 1 for member, _ in parts]
            whole = sum(weights)
            sums = [sum(weight * basis[kind] / member.points
                        for weight, (member, basis) in zip(weights, parts)) for kind in (0, 1)]
        return Basis(*(section.points * Fraction(part) / whole for part in sums))

    # --- gates ------------------------------------------------------------------------------------

    def _gates_on(self, name):
        """The gates that zero or limit this item or section."""
        return [gate for gate in self.sheet.gates
                if gate["effect"].get("zero") == name or name in gate["effect"].get("ceiling", ())]

    def fired_gates(self, effect):
        return [gate for gate in self.sheet.gates if gate["id"] in self.fired
                and effect in gate["effect"]]

    def _decide(self, gates):
        """Decides, once each, whether gates fire: at their place in the order of calculation."""
        for gate in gates:
            if gate["id"] in self._gates_done:
                continue
            self._gates_done.add(gate["id"])
            if conditions.holds(conditions.parse(gate["when"]), self.look_up):
                self.fired.add(gate["id"])

    def _limited(self, node, value, view):
        """A result after the `zero` and `ceiling` of the gates on it, which see it before."""
        gates = self._gates_on(node.id)
        if not gates:
            return value
        if view == "actual":
            self.points[node.id] = value_of(value)
            self._decide(gates)
        for gate in gates:
            if gate["id"] not in self.fired:
                continue
            if "zero" in gate["effect"]:
                value = Fraction(0)
            else:
                value = min(value, share(gate["effect"]["ceiling"][node.id]) * node.points)
        return value_of(value) if isinstance(node, Item) else carried(value)


def _clamped(value, node):
    """A value within [0, full marks], unless the item or section says otherwise."""
    if node.cap:
        value = min(value, node.points)
    return max(value, Fraction(0)) if node.floor else value


def band_of(bands, points):
    """The band a total reaches; lower bounds are inclusive."""
    return next(band for band in bands if "from" not in band or points >= number(band["from"]))


# --- combining members ----------------------------------------------------------------------------

def combine(section, results, is_even):
    """A section's result before floor and cap, from [(member, points or None)], or None."""
    present = [(member, points) for member, points in results if points is not None]
    kept = _kept(section, present)
    if not kept:
        return None
    if section.combine == "sum":
        return _summed(section, results, present, kept, is_even)
    weights = [member.weight for member, _ in kept]
    shares = [carried(points / member.points) for member, points in kept]
    return section.points * section.factor * carried(_share(section, weights, shares))


def _kept(section, present):
    """What `keep` and `drop` leave: the best by share, at equal shares the earlier in the sheet."""
    if not section.keep and not section.drop:
        return present
    shares = [value_of(points / member.points) for member, points in present]
    places = sorted(range(len(present)), key=lambda place: (-shares[place], place))
    if section.keep:
        places = places[:int(section.keep[1])]
    if section.drop:
        places = places[:max(0, len(places) - int(section.drop[1]))]
    return [present[i] for i in sorted(places)]


def _summed(section, results, present, kept, is_even):
    if len(kept) < len(present) or section.keep or section.drop:
        full = sum(member.points for member, _ in kept)
        total = sum(points for _, points in kept) * section.full / full
    else:
        absent = [member for member, points in results if points is None and not section.outside]
        even = sum(member.points for member in absent if is_even(member))
        left = sum(member.points for member in absent) - even
        grown = sum(points * (member.points + Fraction(even, 1) / len(present)) / member.points
                    for member, points in present) if even else sum(points for _, points in present)
        total = grown * section.full / (section.full - left)
    return total * section.points / section.full if section.scale else total * section.factor


def _share(section, weights, shares):
    """The share of its points that a section earns under a combine other than sum."""
    if not sum(weights):
        return Fraction(0)
    if section.combine == "min":
        return min(shares)
    if section.combine == "mean":
        return sum(weight * part for weight, part in zip(weights, shares)) / sum(weights)
    if min(shares) < 0:
        raise RubricError(f"section {section.id}: a share below 0")
    if min(shares) == 0:
        return Fraction(0)
    mean = geometric_mean if section.combine == "geometric" else harmonic_mean
    return mean([(weight, part) for weight, part in zip(weights, shares) if weight])
