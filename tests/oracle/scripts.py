"""The formulas and scripts of the sample rubrics, written a second time and in exact arithmetic (see
recompute.py). A formula or a script without such a twin is an error: nobody could say what it should give.
"""

from collections import namedtuple
from fractions import Fraction

from exact import RubricError, number

# What class_figures goes by: an item that reads one field.
_Reader = namedtuple("Reader", "id spec missing")


class NoValue(Exception):
    """A value that is needed is not reported."""


class DoesNotApply(Exception):
    """The script says that the item does not apply."""


class Inputs:
    """What a twin reads: a unit's values and the figures of its class."""

    def __init__(self, item, value_of, class_figures):
        self._item, self._value_of, self._class_figures = item, value_of, class_figures

    def given(self, name):
        """The value, or None where it is not reported exactly."""
        value = self._value_of(name)
        if value.state == "na":
            raise DoesNotApply
        return None if value.state == "missing" or value.bound else value.data

    def value(self, name):
        value = self.given(name)
        if value is None:
            raise NoValue
        return value

    def of_class(self, figure, name):
        found = self._class_figures(_Reader(f"class.{name}", {"field": name}, self._item.missing))
        if not found:
            raise NoValue
        return figure(found)


def _share_of_highest(field):
    return lambda item, inputs: item.points * inputs.value(field) / inputs.of_class(max, field)


def _answered_on_time(received, answered, late):
    """scripts/answered_on_time.lua over fields of these names; late may be None."""
    def points(item, inputs):
        params = item.spec.get("params", {})
        target = number(params.get("target", "95").rstrip("%"))
        counts = number(params.get("late_counts", "0.5"))
        # Each is looked at first: 不适用 in any of them goes before what is missing.
        came, done, behind = (inputs.given(name) if name else 0 for name in (received, answered, late))
        if came is None or done is None:
            raise NoValue
        if came == 0:
            raise DoesNotApply
        share = 100 * (done + (behind or 0) * counts) / Fraction(came)
        return item.points * min(1, share / target)
    return points


FORMULAS = {
    "full * training_hours / class.max.training_hours": _share_of_highest("training_hours"),
}
SCRIPTS = {
    "answered_on_time.lua": _answered_on_time("letters_received", "letters_answered", "letters_late"),
    "petition_replies.lua": _answered_on_time("petition_received_count", "petition_replied_count", None),
}


def twin_of(item):
    """A function (item, Inputs) to points."""
    table, key = (FORMULAS, "formula") if item.method == "formula" else (SCRIPTS, "script")
    name = " ".join(item.spec[key].split())
    if name not in table:
        raise RubricError(f"item {item.id}: tests/oracle/scripts.py has no twin of {name}")
    return table[name]
