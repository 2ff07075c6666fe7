"""The built-in methods, each as the table of the rubric language states it (see recompute.py).

A method takes an Item and a Reading of one unit and returns an Outcome, or raises NotReported or
NotApplicable. What it returns is not yet clamped. Steps are counted exactly; nothing is rounded
here.
"""

import calendar
from collections import namedtuple
from datetime import date, timedelta
from fractions import Fraction
import math

from exact import RubricError, number, share
from cells import ABSENT, none_of, reported
from scripts import DoesNotApply, Inputs, NoValue, twin_of

# points: what the unit earns. best: what it would earn were every part that is not reported held.
# At best and at worst, if what is missing were worth full marks, nothing; what share rests on reported values.
Outcome = namedtuple("Outcome", "points best worst told", defaults=(None, Fraction(1)))

_NEVER = reported(None)


class NotReported(Exception):
    """A field that the item needs is not reported."""


class NotApplicable(Exception):
    """The item does not apply to the unit."""


class Reading:
    """One unit's values as one item sees them, with its `missing: none` and its class's figures."""

    def __init__(self, unit, fields, item, class_figures):
        self._values = unit.values
        self._before = unit.before
        self._fields = fields
        self._item = item
        self._class_figures = class_figures

    def value(self, name):
        return seen_by(self._item, self._values[name], self._fields[name]["type"])

    def before(self, name):
        """What stood there in the previous period; ABSENT where that was no figure."""
        return figure_before(self._before, name)

    def known(self, names):
        """The Values of fields that are all needed; 不适用 goes before what is missing."""
        values = [self.value(name) for name in names]
        if any(value.state == "na" for value in values):
            raise NotApplicable
        if any(value.state == "missing" for value in values):
            raise NotReported
        return values

    def measure(self, more_is_better):
        """The amount behind `field` or the percent behind `of: [a, b]`, as far as it scores."""
        spec = self._item.spec
        if "of" not in spec:
            return usable(self.known([spec["field"]])[0], more_is_better)
        part, whole = self.known(spec["of"])
        part, whole = usable(part, more_is_better), usable(whole, not more_is_better)
        if whole == 0:
            raise NotApplicable
        return 100 * part / whole

    def class_figures(self):
        """What the units of the class report exactly for this item's measure; never empty."""
        figures = self._class_figures(self._item)
        if not figures:
            raise NotReported
        return figures

    def figures_of(self, reader):
        """What the units of the class report exactly for the field that an item-like reader names."""
        return self._class_figures(reader)

    def place(self, value, low_is_better):
        """How many units of the class are better, and how many there are."""
        figures = self._class_figures(self._item)
        better = sum(other < value if low_is_better else other > value for other in figures)
        return better + 1, len(figures)


def seen_by(item, value, kind):
    """A Value under the item's `missing:`; only an empty cell can stand for zero or no."""
    return none_of(kind) if value.empty and item.missing == "none" else value


def figure_before(values, name):
    """A Value of the previous period, where it is or hides a figure; else ABSENT."""
    value = values.get(name, ABSENT)
    return value if value.state == "reported" or value.bound else ABSENT


def usable(value, more_is_better):
    """A one-sided value scores by its bound where the true one could be no worse for the unit."""
    if value.bound and (value.bound == ">=") != more_is_better:
        raise NotReported
    return value.data


def exact_measure(item, value_of_field):
    """The item's measure where a unit reports it exactly, else None; to compare units by."""
    names = item.spec.get("of") or [item.spec["field"]]
    values = [value_of_field(name) for name in names]
    if any(value.state != "reported" or value.bound for value in values):
        return None
    if len(values) == 1:
        return values[0].data
    return 100 * values[0].data / values[1].data if values[1].data else None


def _plainly(points):
    return Outcome(points, points)


def _steps(distance, step, partial):
    """A distance in steps: whole ones for down and up, else as it is."""
    count = Fraction(distance) / step
    if partial == "down":
        return math.floor(count)
    return math.ceil(count) if partial == "up" else count


def _is_nothing(spec, value, bad_is_low, read=number):
    """Whether `nothing_at` or `nothing_past`, counted in the bad direction, leaves nothing."""
    if "nothing_at" in spec:
        limit = read(spec["nothing_at"])
        return value <= limit if bad_is_low else value >= limit
    if "nothing_past" in spec:
        limit = read(spec["nothing_past"])
        return value < limit if bad_is_low else value > limit
    return False


def _yesno(item, reading):
    value, = reading.known([item.spec["field"]])
    return _plainly(item.points if value.data else 0)


# --- parts ----------------------------------------------------------------------------------------

def _held(reading, names):
    """Which parts are held, which are not applicable and which not reported."""
    values = {name: reading.value(name) for name in names}
    held = {name for name, value in values.items() if value.state == "reported" and value.data}
    missing = {name for name, value in values.items() if value.state == "missing"}
    applies = {name for name, value in values.items() if value.state != "na"}
    return held, missing, applies


def _checklist(item, reading):
    parts = item.spec["parts"]
    held, missing, applies = _held(reading, parts)
    if not applies:
        raise NotApplicable
    if missing == applies:
        raise NotReported
    earned = lambda have: _checklist_points(item, parts, have, applies)
    return Outcome(earned(held), earned(held | missing))


def _checklist_points(item, parts, held, applies):
    if item.spec.get("all") == "true":
        return item.points if held == applies else 0
    if "lose" in item.spec:
        return item.points - number(item.spec["lose"]) * (len(applies) - len(held))
    worth = {name: number(parts[name]) if isinstance(parts, dict) else 1 for name in parts}
    return item.points * sum(worth[name] for name in held) / sum(worth[name] for name in applies)


def _ladder(item, reading):
    levels = item.spec["levels"]
    names = [name for level in levels for name in level["needs"]]
    held, missing, applies = _held(reading, names)
    if len(applies) < len(set(names)):
        raise NotApplicable
    if len(missing) == len(set(names)):
        raise NotReported
    return Outcome(_ladder_points(levels, held), _ladder_points(levels, held | missing))


def _ladder_points(levels, held):
    points = 0
    for level in levels:
        if not held.issuperset(level["needs"]):
            break
        points = number(level["points"])
    return points


# --- figures an assessor or a unit states ---------------------------------------------------------

def _choice(item, reading):
    value, = reading.known([item.spec["field"]])
    points = item.spec["scores"][value.data]
    if points == "not_applicable":
        raise NotApplicable
    return _plainly(number(points))


def _judged(item, reading):
    as_points = item.spec["as"] == "points"
    figure = reading.measure(more_is_better=as_points)
    if not 0 <= figure <= item.points:
        raise RubricError(f"item {item.id}: {figure} is outside 0..{item.points}")
    return _plainly(figure if as_points else item.points - figure)


def _each(item, reading):
    spec = item.spec
    if "events" in spec:
        worth = {name: number(points) for name, points in spec["events"].items()}
        values = dict(zip(worth, reading.known(worth)))
        change = sum(usable(values[name], points >= 0) * points for name, points in worth.items())
        return _plainly(_at_most(spec, change))
    earns = "earn" in spec
    events = reading.measure(more_is_better=earns)
    if _is_nothing(spec, events, bad_is_low=earns):
        return _plainly(0)
    first = number(spec["earn" if earns else "lose"])
    further = number(spec["then"]) if "then" in spec else first
    change = _at_most(spec, first * min(events, 1) + further * max(events - 1, 0))
    return _plainly(change if earns else item.points - change)


def _at_most(spec, change):
    return min(change, number(spec["most"])) if "most" in spec else change


# --- distances ------------------------------------------------------------------------------------

def _short(item, reading):
    spec = item.spec
    need, lose = number(spec["need"]), number(spec["lose"])
    if "fields" in spec:
        amounts = [usable(value, True) for value in reading.known(spec["fields"])]
    else:
        amounts = [reading.measure(more_is_better=True)]
    if any(_is_nothing(spec, amount, bad_is_low=True) for amount in amounts):
        return _plainly(0)
    return _plainly(item.points - lose * sum(max(0, need - amount) for amount in amounts))


def _ratio(item, reading):
    value = reading.measure(more_is_better=True)
    if _is_nothing(item.spec, value, bad_is_low=True):
        return _plainly(0)
    return _plainly(item.points * value / number(item.spec["target"]))


def _gap(item, reading):
    spec = item.spec
    low = spec.get("better") == "low"
    value = reading.measure(more_is_better=not low)
    if _is_nothing(spec, value, bad_is_low=not low):
        return _plainly(0)
    rates = _gap_rates(spec, reading)
    sign = 1 if low else -1            # distances are counted upwards, in the bad direction
    reached = [(sign * (value - limit), sign * limit, lose, step) for limit, lose, step in rates]
    reached = [rate for rate in reached if rate[0] > 0]
    if not reached:
        return _plainly(item.points)
    if len(rates) > 1 and spec["mode"] == "all":
        stretches = [(reached[0][0], *reached[-1][2:])]
    else:
        ends = [limit for _, limit, _, _ in reached[1:]] + [sign * value]
        stretches = [(end - limit, lose, step)
                     for end, (_, limit, lose, step) in zip(ends, reached)]
    cost = sum(lose * _steps(distance, step, spec.get("partial_step"))
               for distance, lose, step in stretches)
    return _plainly(item.points - cost)


def _gap_rates(spec, reading):
    """[(limit, points lost, step)], the target first."""
    if "rates" in spec:
        return [(number(rate.get("below") or rate["above"]), *_per(rate["lose"]))
                for rate in spec["rates"]]
    if spec["target"] == "class mean":
        figures = reading.class_figures()
        return [(sum(figures) / len(figures), *_per(spec["lose"]))]
    return [(number(spec["target"]), *_per(spec["lose"]))]


def _per(text):
    """`0.25 per 1%` is 0.25 points for each step of 1."""
    points, step = text.split("per")
    return number(points), number(step)


def _tiers(item, reading):
    tiers = item.spec["tiers"]
    rising = "from" in tiers[0]
    value = reading.measure(more_is_better=rising)
    for tier in tiers:
        if value >= number(tier["from"]) if rising else value <= number(tier["to"]):
            return _plainly(number(tier["points"]))
    return _plainly(0)


def _linear(item, reading):
    start, end = number(item.spec["from"]), number(item.spec["to"])
    value = reading.measure(more_is_better=start < end)
    way = (value - start) / (end - start)
    return _plainly(item.points * max(Fraction(0), min(Fraction(1), way)))


# --- dates ----------------------------------------------------------------------------------------

def parse_date(text):
    return date(*(int(part) for part in text.replace("/", "-").split("-")))


def _months_after(start, months):
    """The same day so many months later, or the last of that month."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _after(start, duration):
    """The day on which a duration such as `4 days` ends."""
    count, unit = duration.split()
    if unit.startswith("month"):
        return _months_after(start, int(count))
    return start + timedelta(days=int(count) * (7 if unit.startswith("week") else 1))


def _lateness(due, day, unit, partial):
    """How many days, weeks or months late."""
    days = (day - due).days
    if unit != "month":
        return _steps(days, 7 if unit == "week" else 1, partial)
    whole = 0
    while _months_after(due, whole + 1) <= day:
        whole += 1
    reached, following = _months_after(due, whole), _months_after(due, whole + 1)
    return whole + _steps((day - reached).days, (following - reached).days, partial)


def _late(item, reading):
    spec = item.spec
    value, = reading.known([spec["field"]])
    if value == _NEVER:
        return _plainly(0)
    due, day = parse_date(spec["due"]), value.data
    if day <= due:
        return _plainly(item.points)
    if _is_nothing(spec, day, bad_is_low=False, read=lambda duration: _after(due, duration)):
        return _plainly(0)
    lose, unit = (part.strip() for part in spec["lose"].split("per"))
    late = _lateness(due, day, unit, spec.get("partial_step"))
    return _plainly(item.points - number(lose) * late)


# --- raters ---------------------------------------------------------------------------------------

def _rating(item, reading):
    spec = item.spec
    ratings = _ratings(spec, reading)
    if not ratings or len(ratings) < int(spec.get("at_least", "1")):
        raise NotReported
    kept = _without_ends(ratings, spec.get("drop"))
    return _plainly(item.points * sum(kept) / (len(kept) * number(spec["out_of"])))


def _ratings(spec, reading):
    """What each rater gave; a blank is passed over or counts as zero."""
    if "field" in spec:
        value = reading.value(spec["field"])
        return value.data if value.state == "reported" else []
    found = []
    for name in spec["fields"]:
        value = reading.value(name)
        try:
            found.append(usable(value, True) if value.state == "reported" else None)
        except NotReported:
            found.append(None)
    if spec["blank"] == "zero":
        return [rating or Fraction(0) for rating in found]
    return [rating for rating in found if rating is not None]


def _without_ends(ratings, drop):
    if not drop:
        return ratings
    ends = int(drop["ends"])
    if len(ratings) > 2 * ends and len(ratings) > int(drop["when_over"]):
        return sorted(ratings)[ends:len(ratings) - ends]
    return ratings


# --- units against units --------------------------------------------------------------------------

def _best(item, reading):
    low = item.spec["better"] == "low"
    value = reading.measure(more_is_better=not low)
    figures = reading.class_figures()
    best, worst = (min(figures), max(figures)) if low else (max(figures), min(figures))
    if item.spec["from"] == "worst":
        way = (value - worst) / (best - worst) if best != worst else 1
        return _plainly(item.points * way)
    if low:
        return _plainly(item.points if value == 0 else item.points * best / value)
    return _plainly(item.points * value / best if best else 0)


def _rank(item, reading):
    spec = item.spec
    low = spec["better"] == "low"
    place, count = reading.place(reading.measure(more_is_better=not low), low)
    if "tiers" in spec:
        return _plainly(_rank_tier(spec["tiers"], place, count))
    first = number(spec["first"]) if "first" in spec else item.points
    if "step" in spec:
        step = spec["step"]
        each = share(step) * item.points if step.endswith("%") else number(step)
        return _plainly(first - (place - 1) * each)
    if count <= 1:
        return _plainly(first)
    return _plainly(first - (min(place, count) - 1) * (first - number(spec["last"])) / (count - 1))


def _rank_tier(tiers, place, count):
    for tier in tiers:
        top = tier["top"]
        if place <= (share(top) * count if top.endswith("%") else number(top)):
            return number(tier["points"])
    return 0


# --- a unit against its own past ------------------------------------------------------------------

def _change(item, reading):
    spec = item.spec
    (up, up_step), (down, down_step) = _per(spec["up"]), _per(spec["down"])
    names = spec.get("of") or [spec["field"]]
    more = True if up >= 0 >= down else False if up <= 0 <= down else None
    less = None if more is None else not more
    seen = [_seen(values, better) for values, better in
            (([reading.value(name) for name in names], more),
             ([reading.before(name) for name in names], less))]
    for trouble in (NotApplicable, NotReported):
        if trouble in seen:
            raise trouble
    (now, _), (before, before_is_bound) = seen
    change = now - before
    if spec["as"] == "percent":
        if before <= 0:
            raise NotApplicable
        if before_is_bound and now < 0:
            raise NotReported
        change = 100 * change / before
    rate, step = (up, up_step) if change > 0 else (down, down_step)
    return _plainly(number(spec["same"]) + rate * _steps(abs(change), step, spec["partial_step"]))


def _seen(values, more_is_better):
    """(the measure, whether it rests on a bound), or the trouble with it as a class."""
    if any(value.state in ("na", "absent") for value in values):
        return NotApplicable
    wanted = [{True: ">=", False: "<=", None: None}[more_is_better]]
    wanted += [{True: "<=", False: ">=", None: None}[more_is_better]]
    if any(value.state == "missing" or value.bound and value.bound != bound
           for value, bound in zip(values, wanted)):
        return NotReported
    bound = any(value.bound for value in values)
    if len(values) == 1:
        return values[0].data, bound
    part, whole = (value.data for value in values)
    return (100 * part / whole, bound) if whole else NotApplicable


# --- formulas and scripts -------------------------------------------------------------------------

def _scripted(item, reading):
    try:
        return _plainly(twin_of(item)(item, Inputs(item, reading.value, reading.figures_of)))
    except NoValue:
        raise NotReported from None
    except DoesNotApply:
        raise NotApplicable from None


METHODS = {"yesno": _yesno, "checklist": _checklist, "ladder": _ladder, "choice": _choice,
           "judged": _judged, "each": _each, "short": _short, "ratio": _ratio, "gap": _gap,
           "tiers": _tiers, "linear": _linear, "late": _late, "rating": _rating, "best": _best,
           "rank": _rank, "change": _change, "formula": _scripted, "lua": _scripted}
