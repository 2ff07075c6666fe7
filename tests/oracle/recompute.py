"""An independent recomputation of kaoping's scores, written from the rubric language alone.

    python3 recompute.py RUBRIC.yaml DATA... [waivers.yaml] [--previous FILE]...
                                               prints the result as JSON, in the engine's own keys
    python3 recompute.py --selftest            holds the recomputation against published figures

Why: the engine counts in 64-bit decimals, in columns, and in a flat plan; this counts in fractions,
unit by unit, over a tree. The two share no line, so where they agree on thousands of random rubrics
(compare.py) both have read the language alike. Of formulas and scripts it knows those of the sample
rubrics (scripts.py). Left out is extends.

    exact.py       decimals and rounding           methods.py    the built-in methods
    cells.py       what people type                scoring.py    items, sections, gates, bounds
    conditions.py  three-valued conditions         standing.py   ranks, grades, quotas
    sheet.py       a rubric laid out by class      inputs.py     CSV, YAML and JSON data
    scripts.py     formulas and scripts again      waivers.py    what units are excused from
    below.py       subordinate units
"""

import json
import sys

from below import Below
from exact import RubricError, plain, rounded
from inputs import read_previous, read_units
from methods import exact_measure, seen_by
from scoring import Scorer, band_of
from sheet import Sheet, load_yaml
from standing import Standing, grade_all, rank_all
from waivers import Waivers, read_waivers, split


class Engine:
    """One rubric with its units: what belongs to more than one unit is kept here."""

    def __init__(self, rubric, units, waivers, totals=None):
        self.rubric = rubric
        self.totals = totals or {}    # {period: {unit id: (total, of how many)}}
        self.waivers = waivers
        self.units = units
        self.fields = rubric.get("fields", {})
        self.places = _rounding(rubric["round"])
        present = {unit.unit_class for unit in units}
        known = rubric.get("classes") or sorted(present - {None})
        self.classes = known + [None]
        self.sheets = {name: Sheet(rubric, name, known) for name in present}
        self._figures = {}
        self._scored = {}
        self.below = Below(self)

    def figures_for(self, unit):
        """A function from an item to what the units of this unit's class report for it exactly."""
        def figures(item):
            key = (unit.unit_class, item.id)
            if key not in self._figures:
                self._figures[key] = self._class_figures(unit.unit_class, item)
            return self._figures[key]
        return figures

    def _class_figures(self, unit_class, item):
        found = []
        for unit in self.units:
            if unit.unit_class == unit_class:
                seen = lambda name: seen_by(item, unit.values[name], self.fields[name]["type"])
                figure = exact_measure(item, seen)
                if figure is not None:
                    found.append(figure)
        return found

    def scored(self, unit):
        """The unit's Scorer, run when it is first asked for."""
        if unit.id not in self._scored:
            sheet = self.sheets[unit.unit_class]
            self._scored[unit.id] = Scorer(self, sheet, unit,
                                           self.waivers.effects(unit, sheet)).run()
        return self._scored[unit.id]

    def standing(self, unit):
        return Standing(self.scored(unit), _state(self.scored(unit)))

    def score(self):
        """All units' standings, in the order in which they are printed."""
        standings = []
        for unit in self.units:
            standings.append(self.standing(unit))
        ranking = self.rubric.get("ranking", {"within": "class", "ties": "shared"})
        rank_all(standings, ranking)
        if "grades" in self.rubric:
            grade_all(standings, self.sheets)
        return sorted(standings, key=self._print_order)

    def without_waivers(self, unit):
        """What the unit would have without its waivers; None where none counts."""
        if all(waiver["expired"] for waiver in self.waivers.of(unit)):
            return None
        sheet = self.sheets[unit.unit_class]
        scorer = Scorer(self, sheet, unit, {}).run()
        state = _state(scorer)
        graded = sheet.grades and state == "ranked"
        return {"state": state, "total": _text(scorer.total, self.places["total"]),
                "grade_by_band": band_of(sheet.grades, scorer.total)["name"] if graded else None}

    def _print_order(self, standing):
        return (self.classes.index(standing.unit_class), standing.rank is None, standing.rank or 0,
                standing.scorer.unit.id)


def _rounding(stages):
    """Places by stage; None is `exact`."""
    if stages == "exact":
        stages = {}
    return {stage: None if stages.get(stage, "exact") == "exact" else int(stages[stage])
            for stage in ("item", "section", "total")}


def _state(scorer):
    if not scorer.is_complete():
        return "incomplete"
    return "ranked" if scorer.total is not None else "not_applicable"


# --- the result as JSON ---------------------------------------------------------------------------

def result(rubric, units, waivers=None, totals=None):
    """The result of scoring, in the keys of the engine's JSON."""
    engine = Engine(rubric, units, waivers or Waivers([], rubric), totals)
    return {"kaoping": 1, "units": [_unit_result(standing) for standing in engine.score()],
            "waivers": engine.waivers.list}


def _unit_result(standing):
    scorer = standing.scorer
    unit, basis, (low, high) = scorer.unit, scorer.total_basis(), scorer.bounds()
    grade = None if standing.grade is None else scorer.sheet.grades[standing.grade]["name"]
    text = lambda x: _text(x, scorer.engine.places["total"])
    return {
        "id": unit.id, "name": unit.name, "class": unit.unit_class, "parent": unit.parent,
        "state": standing.state, "total": text(scorer.total), "exact": _text(scorer.exact, 8),
        "before_gates": text(scorer.before_gates),
        "due": plain(basis.due), "of": plain(scorer.sheet.total),
        "rank": standing.rank, "ranked": standing.ranked,
        "grade": grade, "grade_by_band": standing.grade_by_band, "vetoed": standing.vetoed,
        "reported": _percent(basis), "low": text(low), "high": text(high),
        "without_waivers": scorer.engine.without_waivers(unit),
        "gates": [gate["id"] for gate in scorer.sheet.gates if gate["id"] in scorer.fired],
        "sections": [_section_result(scorer, section) for section in _sections(scorer.sheet)],
        "items": [_item_result(scorer, finding) for finding in scorer.findings.values()]}


def _sections(sheet):
    yield from sheet.root.sections()
    for section in (sheet.bonus, sheet.deductions):
        if section:
            yield section
            yield from section.sections()


def _text(points, places):
    """Points at the places they were rounded to; a gate's cap may lie between two steps."""
    if points is None:
        return None
    return plain(points, places if points == rounded(points, places) else None)


def _percent(basis):
    if not basis.due:
        return None
    return plain(rounded(100 * basis.reported / basis.due, 2), 2) + "%"


def _section_result(scorer, section):
    points = _text(scorer.points[section.id], scorer.engine.places["section"])
    return {"id": section.id, "points": points,
            "due": plain(scorer.basis[section.id].due), "of": plain(section.points)}


def _item_result(scorer, finding):
    item = finding.item
    return {"id": item.id, "section": item.section, "state": finding.state,
            "points": _text(scorer.points[item.id], scorer.engine.places["item"]),
            "due": plain(finding.basis().due), "of": plain(item.points),
            "waiver_expired": item.id in scorer.engine.waivers.expired(scorer.unit, scorer.sheet)}


def recompute(rubric_path, data_paths, previous_paths=()):
    """The result for files, as the command prints it."""
    rubric = load_yaml(rubric_path)
    data_paths, waiver_paths = split(data_paths)
    units = read_units(data_paths, rubric)
    read_previous(previous_paths, rubric, units)
    return result(rubric, units, read_waivers(waiver_paths, rubric))


def main(arguments):
    if arguments == ["--selftest"]:
        import selftest
        return selftest.main()
    if len(arguments) < 2 or arguments[0].startswith("-"):
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    previous = []
    while "--previous" in arguments[:-1]:
        at = arguments.index("--previous")
        previous.append(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2:]
    try:
        found = recompute(arguments[0], arguments[1:], previous)
    except RubricError as error:
        print(f"recompute: {error}", file=sys.stderr)
        return 1
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
