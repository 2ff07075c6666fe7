"""Holds the engine's min-max normalisation and weighted means against a published composite
indicator.

    python3 asem.py KAOPING_BINARY [DIR]

The ASEM Sustainable Connectivity data (COINr's example, 51 countries, 49 indicators in 8 pillars, 2
sub-indices and 1 index): each indicator becomes an item with `method: best, from: worst`, each
aggregate a section with `combine: mean`, and an indicator that is not reported leaves with its
weight. What COINr computed must come out within 1e-6, the ranks without a difference. DIR holds
data_raw.csv, meta.csv and raw_minmax0-100_amean.csv; without it the copy in data/ is used
(data/README.md names the source).
"""

import csv
from decimal import Decimal
import os
import sys
import tempfile

from compare import EngineError, run_engine

DEFAULT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "asem")
FILES = ("data_raw.csv", "meta.csv", "raw_minmax0-100_amean.csv")
TOLERANCE = Decimal("1e-6")
# An indicator is scaled so that its largest value has ten digits before the point, which is
# below the engine's 92 billion.
DIGITS = 10


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def exponent_for(values):
    """The power of ten that brings an indicator up to DIGITS; min-max cancels it."""
    largest = max((abs(Decimal(value)) for value in values if value not in ("", "NA")),
                  default=Decimal(0))
    return DIGITS - 1 - largest.adjusted() if largest else 0


def shifted(text, exponent):
    return "" if text in ("", "NA") else format(Decimal(text).scaleb(exponent), "f")


# --- the rubric -----------------------------------------------------------------------------------

def _item(entry, pad):
    better = "high" if Decimal(entry["Direction"]) > 0 else "low"
    code = entry["iCode"]
    return (f"{pad}  - {{id: i_{code}, title: {code}, points: 100, weight: {entry['Weight']}, "
            f"method: best, field: f_{code}, better: {better}, from: worst}}")


def _members(parent, entries, indent):
    """The lines of what stands below an aggregate: indicators or further aggregates."""
    pad, items, sections = " " * indent, [], []
    for entry in entries:
        if entry["Parent"] != parent:
            continue
        if entry["Type"] == "Indicator":
            items.append(_item(entry, pad))
        elif entry["Type"] == "Aggregate":
            code = entry["iCode"]
            sections += [f"{pad}  - id: s_{code}", f"{pad}    title: {code}",
                         f"{pad}    points: 100",
                         f"{pad}    weight: {entry['Weight']}", f"{pad}    combine: mean"]
            sections += _members(code, entries, indent + 4)
    items = [f"{pad}items:"] + items if items else []
    return items + ([f"{pad}sections:"] + sections if sections else [])


def rubric(entries):
    """The whole index; its one aggregate without a parent is the rubric itself."""
    top = next(entry["iCode"] for entry in entries if entry["Type"] == "Aggregate"
               and not entry["Parent"])
    fields = [f"  f_{entry['iCode']}: {{type: number, label: {entry['iCode']}}}"
              for entry in entries if entry["Type"] == "Indicator"]
    return top, "\n".join(["kaoping: 1", "id: asem", "title: Sustainable Connectivity",
                           "total: 100", "round: {item: exact, section: exact, total: exact}",
                           "not_applicable: rescale", "missing: unscored",
                           "ranking: {within: all, ties: shared}", "combine: mean",
                           "fields:", *fields, *_members(top, entries, 0)]) + "\n"


def data(rows, entries):
    """The raw figures as a table of kaoping, each indicator by its own power of ten."""
    codes = [entry["iCode"] for entry in entries if entry["Type"] == "Indicator"]
    exponents = {code: exponent_for([row[code] for row in rows]) for code in codes}
    lines = [["id"] + [f"f_{code}" for code in codes]]
    lines += [[row["uCode"]] + [shifted(row[code], exponents[code]) for code in codes]
              for row in rows]
    return "\n".join(",".join(line) for line in lines) + "\n"


# --- comparing ------------------------------------------------------------------------------------

def figures(unit, top):
    """What the engine found for one country, by COINr's names."""
    found = {top: unit["exact"], "Rank": str(unit["rank"])}
    found.update({section["id"][2:]: section["points"] for section in unit["sections"]})
    found.update({item["id"][2:]: item["points"] if item["state"] == "scored" else None
                  for item in unit["items"]})
    return found


def _close(ours, theirs, tolerance):
    if ours is None or theirs is None:
        return ours == theirs
    return abs(Decimal(ours) - Decimal(theirs)) <= tolerance


def differences(unit, expected, top):
    found = figures(unit, top)
    for code, text in expected.items():
        if code in ("uCode", "uName"):
            continue
        ours, theirs = found.get(code), None if text in ("", "NA") else text
        if not _close(ours, theirs, 0 if code == "Rank" else TOLERANCE):
            yield f"{expected['uCode']} {code}: kaoping {ours}, COINr {theirs}"


def run(binary, folder):
    """(number of countries, all differences)."""
    rows, entries, expected = (read(folder, name) for name in FILES)
    top, text = rubric(entries)
    with tempfile.TemporaryDirectory() as work:
        paths = os.path.join(work, "rubric.yaml"), os.path.join(work, "units.csv")
        for path, content in zip(paths, (text, data(rows, entries))):
            with open(path, "w", encoding="utf-8") as out:
                out.write(content)
        units = {unit["id"]: unit for unit in run_engine(binary, paths[0], [paths[1]])["units"]}
    return len(expected), [line for row in expected
                           for line in differences(units[row["uCode"]], row, top)]


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    folder = arguments[1] if len(arguments) > 1 else DEFAULT
    try:
        count, found = run(os.path.abspath(arguments[0]), folder)
    except EngineError as error:
        count, found = 0, [str(error)]
    print("\n".join([*found[:20], f"asem: {count} countries, {len(found)} differences"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
