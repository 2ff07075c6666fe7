"""Exact decimals for the independent recomputation (see recompute.py).

The rubric language counts in exact decimals: values and item results at eight places, shares and
section results carried at sixteen, everything rounded half away from zero. Here every number is a
Fraction and is cut to places only where the language says so, so that no error of the engine's
integer arithmetic can be repeated by accident.
"""

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
import re

VALUE_PLACES = 8      # values, item results, everything compared or printed
CARRIED_PLACES = 16   # shares and section results on their way upwards

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")
_POWERS = [10 ** places for places in range(CARRIED_PLACES + 1)]


class RubricError(Exception):
    """A rubric or a data file that the language does not allow."""


def quantise(x, places):
    """x at so many decimal places, half away from zero."""
    power = _POWERS[places]
    top, bottom = x.numerator, x.denominator
    if power % bottom == 0:
        return x
    units = (2 * abs(top) * power + bottom) // (2 * bottom)
    return Fraction(units if top >= 0 else -units, power)


def value_of(x):
    """x as it is compared, rounded and printed: at eight places."""
    return quantise(x, VALUE_PLACES)


def carried(x):
    """x as a share or a section's result is carried: at sixteen places."""
    return quantise(x, CARRIED_PLACES)


def rounded(x, places):
    """x rounded at a stage of `round`, by way of eight places; None means `exact`."""
    x = value_of(x)
    return x if places is None else quantise(x, places)


@lru_cache(maxsize=None)
def number(text):
    """A number as a rubric writes it; `%` is only a sign, the value stays on the scale 0..100."""
    bare = text.strip().rstrip("%").strip()
    if not _NUMBER.match(bare):
        raise RubricError(f"'{text}' is not a number")
    return value_of(Fraction(bare))


def share(text):
    """A share as a rubric writes it: `70%` is 7/10."""
    if not text.strip().endswith("%"):
        raise RubricError(f"the share '{text}' is written without %")
    return number(text) / 100


def plain(x, places=None):
    """The decimal text of x: at so many places, or with no superfluous zeros."""
    wanted = VALUE_PLACES if places is None else places
    units = quantise(x, wanted) * 10 ** wanted
    digits = str(abs(units.numerator)).rjust(wanted + 1, "0")
    whole, rest = digits[:len(digits) - wanted], digits[len(digits) - wanted:]
    if places is None:
        rest = rest.rstrip("0")
    return ("-" if units < 0 else "") + whole + ("." + rest if rest else "")


def _decimal(x):
    return Decimal(x.numerator) / Decimal(x.denominator)


def _fifteen_digits(x):
    """A double's shortest 15-digit decimal, from an x that is more precise than any double."""
    return Fraction(Decimal(f"{x:.14e}"))


def geometric_mean(pairs):
    """The weighted geometric mean of (weight, share > 0), as it comes out of doubles."""
    with localcontext() as context:
        context.prec = 40
        weights = sum(_decimal(w) for w, _ in pairs)
        logs = sum(_decimal(w) * _decimal(s).ln() for w, s in pairs)
        return _fifteen_digits((logs / weights).exp())


def harmonic_mean(pairs):
    """The weighted harmonic mean of (weight, share > 0)."""
    with localcontext() as context:
        context.prec = 40
        weights = sum(_decimal(w) for w, _ in pairs)
        return _fifteen_digits(weights / sum(_decimal(w) / _decimal(s) for w, s in pairs))
