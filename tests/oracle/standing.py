"""Ranks and grades over units that have their points (see recompute.py).

    grade   band -> needs -> lower (added up) -> at_best -> rank -> quotas, best grade first
"""

from fractions import Fraction
import math

from exact import share
from scoring import band_of


class Standing:
    """One unit's place: what it is ranked by, and its grade on the way down."""

    def __init__(self, scorer, state):
        self.scorer = scorer
        self.state = state
        self.rank = None
        self.ranked = None
        self.grade = None             # index into the rubric's grades
        self.grade_by_band = None
        self.vetoed = bool(scorer.fired_gates("at_best"))

    @property
    def unit_class(self):
        return self.scorer.unit.unit_class


# --- ranks ----------------------------------------------------------------------------------------

def rank_all(standings, ranking):
    """Gives every ranked unit its rank and everybody the number of units ranked in their group."""
    for group in _groups(standings, ranking.get("within", "class")):
        ranked = [standing for standing in group if takes_part(standing, ranking)]
        for standing in group:
            standing.ranked = len(ranked)
        _rank_group(ranked, ranking)


def _groups(standings, within):
    if within == "all":
        return [standings]
    classes = {standing.unit_class: [] for standing in standings}
    for standing in standings:
        classes[standing.unit_class].append(standing)
    return list(classes.values())


def takes_part(standing, ranking):
    barred = standing.vetoed and ranking.get("vetoed") == "unranked"
    return standing.state == "ranked" and not barred


def _rank_group(ranked, ranking):
    keys = {standing: rank_key(standing, ranking) for standing in ranked}
    place, distinct, before = 0, 0, None
    for place, standing in enumerate(sorted(ranked, key=keys.get), 1):
        if keys[standing] != before:
            distinct += 1
            first, before = place, keys[standing]
        standing.rank = distinct if ranking["ties"] == "dense" else first


def rank_key(standing, ranking):
    """Smaller is better; equal keys are a tie."""
    scorer = standing.scorer
    points = scorer.exact if ranking.get("on") == "exact" else scorer.total
    last = standing.vetoed and ranking.get("vetoed") == "last"
    key = [last, points if ranking.get("better") == "low" else -points]
    for name in ranking.get("break", []):
        key += _break_key(scorer.look_up(name.lstrip("-")), name.startswith("-"))
    return tuple(key)


def _break_key(value, lower_first):
    """A unit without an exact value comes last."""
    if value.state != "reported" or value.bound or value.data is None:
        return [1, 0]
    amount = value.data.toordinal() if hasattr(value.data, "toordinal") else Fraction(value.data)
    return [0, amount if lower_first else -amount]


# --- grades ---------------------------------------------------------------------------------------

def grade_all(standings, sheets):
    """Grades before quotas for every unit that is ranked, then the quotas, best grade first."""
    for standing in standings:
        if standing.state == "ranked":
            _grade_one(standing, sheets[standing.unit_class].grades)
    count = max((len(sheet.grades) for sheet in sheets.values()), default=0)
    for place in range(count - 1):
        _apply_quota(standings, sheets, place)


def _grade_one(standing, grades):
    scorer = standing.scorer
    names = [grade["name"] for grade in grades]
    band = names.index(band_of(grades, scorer.total)["name"])
    standing.grade_by_band = names[band]
    grade = _first_met(scorer, grades, band)
    grade += sum(int(gate["effect"]["lower"]) for gate in scorer.fired_gates("lower"))
    best = [names.index(gate["effect"]["at_best"]) for gate in scorer.fired_gates("at_best")]
    standing.grade = min(max([grade, *best]), len(grades) - 1)


def _first_met(scorer, grades, place):
    """The first grade from this one down whose needs the unit meets; the lowest has none."""
    meets = lambda needs: all(_meets(scorer, name, floor) for name, floor in needs.items())
    while not meets(grades[place].get("needs", {})):
        place += 1
    return place


def _meets(scorer, name, floor):
    """A need is a floor on points as shown; on what does not apply it holds."""
    node = scorer.sheet.nodes.get(name)
    if node is None or not scorer.basis[name].due and scorer.points[name] is None:
        return True
    finding = scorer.findings.get(name)
    if finding is not None and finding.state in ("not_applicable", "waived"):
        return True
    points = scorer.points[name]
    return points is not None and points >= share(floor) * node.points


def _apply_quota(standings, sheets, place):
    quotas = {sheet.grades[place].get("quota", {}).get("per") for sheet in sheets.values()}
    for per in quotas - {None}:
        for group in _groups(standings, per):
            grades = sheets[group[0].unit_class].grades
            _fill_places(group, grades, place)


def _fill_places(group, grades, place):
    """Those who qualify compete by rank; whoever is pushed out goes on to the next grade."""
    ranked = [standing for standing in group if standing.rank is not None]
    candidates = sorted((standing for standing in ranked if standing.grade == place),
                        key=lambda standing: standing.rank)
    quota = grades[place].get("quota")
    if not quota:
        return
    places = _places(quota, len(ranked))
    if len(candidates) <= places:
        return
    cut = candidates[places - 1].rank if places else 0
    tied_beyond = candidates[places].rank == cut
    for at, standing in enumerate(candidates):
        at_cut = tied_beyond and standing.rank == cut
        inside = quota["at_cut"] == "all_in" if at_cut else at < places
        if not inside:
            standing.grade = _first_met(standing.scorer, grades, place + 1)


def _places(quota, ranked):
    """How many places a quota has; a share's product is rounded as the quota says."""
    if "count" in quota:
        places = int(quota["count"])
    else:
        product = share(quota["share"]) * ranked
        places = {"down": math.floor(product), "up": math.ceil(product),
                  "nearest": math.floor(product + Fraction(1, 2))}[quota["round"]]
    return max(places, int(quota.get("at_least", "0")))
