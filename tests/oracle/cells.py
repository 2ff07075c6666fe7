"""What people type into a cell, read as the rubric language reads it (see recompute.py).

A cell becomes a Value in one of the language's states. `none` (无) is reported as zero, no, an
empty list or never and so needs no state of its own here; what is not reported keeps whether the
cell was empty, because `missing: none` speaks of empty cells only.
"""

from collections import namedtuple
from datetime import date
from fractions import Fraction
from functools import lru_cache
import re
import unicodedata

from exact import RubricError, value_of

# state: reported | missing | na.  bound: "" for an exact value, ">=" or "<=" for a one-sided one.
# data: Fraction, bool, date, str or list of Fractions; None for a date that is never.
# empty: the cell held nothing.
Value = namedtuple("Value", "state data bound empty")

EMPTY = Value("missing", None, "", True)
UNCLEAR = Value("missing", None, "", False)   # a placeholder, a plan
ABOUT = Value("missing", None, "~", False)    # 约60: a figure, but which?
ABSENT = Value("absent", None, "", False)     # of the previous period: nothing to compare with
NOT_APPLICABLE = Value("na", None, "", False)

_MULTIPLIERS = {"千": 10 ** 3, "万": 10 ** 4, "亿": 10 ** 8}
_YES = {"是", "有", "√", "yes", "1"}
_NO = {"否", "无", "×", "no", "0", "none"}
_AMOUNT = re.compile(
    r"(?P<before>≥|>=|≤|<=|近|约)?\s*"
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*"
    r"(?P<times>[千万亿])?(?P<after>余|多|左右)?\s*(?P<unit>.*)\Z")
_VAGUE_WORDS = re.compile(r"(近|约)?[十百千万亿]+(余|多|左右)?\S?\Z")
_PLACEHOLDER = re.compile(r"([Xx]+|\*+)\w{0,3}\Z")
_NA = re.compile(r"(不适用|n/a)(\s*\(.*\))?\Z", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?([ T].*)?\Z")


def reported(data, bound=""):
    return Value("reported", data, bound, False)


def none_of(kind):
    """What `无`, and an empty cell under `missing: none`, stand for in a field of this type."""
    if kind in ("count", "number", "percent"):
        return reported(Fraction(0))
    if kind == "yesno":
        return reported(False)
    if kind == "list":
        return reported([])
    if kind == "date":
        return reported(None)
    raise RubricError(f"a field of type {kind} has no zero")


def read_cell(text, field):
    """The Value of one cell; field is the data dictionary's entry."""
    return _read(text, field["type"], field.get("unit", ""), tuple(field.get("options", ())))


@lru_cache(maxsize=100_000)
def _read(text, kind, unit, options):
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return EMPTY
    if kind == "choice" and text in options:
        return reported(text)
    if _NA.match(text):
        return NOT_APPLICABLE
    if kind == "text":
        return reported(text)
    if text in ("计划", "planned") or _PLACEHOLDER.match(text):
        return UNCLEAR
    if text.lower() in ("无", "none"):
        return none_of(kind)
    return _READERS[kind](text, kind, unit)


def _read_yesno(text, kind, unit):
    word = text.lower()
    if word in _YES:
        return reported(True)
    if word in _NO:
        return reported(False)
    raise RubricError(f"'{text}' is neither yes nor no")


def _read_date(text, kind, unit):
    match = _DATE.match(text)
    if not match:
        raise RubricError(f"'{text}' is not a date")
    return reported(date(*(int(part) for part in match.group(1, 2, 3))))


def _read_list(text, kind, unit):
    return reported([_read_amount(part.strip(), "number", unit).data
                     for part in re.split("[;、]", text)])


def _read_amount(text, kind, unit):
    match = _AMOUNT.match(text)
    if not match:
        if _VAGUE_WORDS.match(text):
            return ABOUT
        raise RubricError(f"'{text}' is not a {kind}")
    _check_unit(match["unit"].strip(), kind, unit, text)
    bare = Fraction(match["number"].replace(",", ""))
    data = value_of(bare * _MULTIPLIERS.get(match["times"], 1))
    if kind == "count" and (data < 0 or data.denominator != 1):
        raise RubricError(f"'{text}' is not a count")
    return _with_bound(data, match["before"] or "", match["after"] or "")


def _check_unit(found, kind, unit, text):
    allowed = {"", unicodedata.normalize("NFKC", unit)} | ({"%"} if kind == "percent" else set())
    if found not in allowed:
        raise RubricError(f"'{text}' ends in a unit that is not the field's")


def _with_bound(data, before, after):
    lower = before in ("≥", ">=") or after in ("余", "多")
    upper = before in ("≤", "<=", "近")
    if before == "约" or after == "左右" or (lower and upper):
        return ABOUT
    return reported(data, ">=" if lower else "<=" if upper else "")


def _read_choice(text, kind, unit):
    raise RubricError(f"'{text}' is not an option")


_READERS = {"count": _read_amount, "number": _read_amount, "percent": _read_amount,
            "yesno": _read_yesno, "date": _read_date, "list": _read_list, "choice": _read_choice}
