"""Holds the engine's weighted means against checklists scored by OpenSCAP.

    python3 xccdf.py KAOPING_BINARY [DIR | FILE.json]

XCCDF's default score is the mean weighted among siblings at every level, on 0..100; its flat score
is the sum of the passing rules' weights. Each checklist becomes a rubric with `combine: mean` for
the one and a rubric of points for the other, and what the engine says must agree within 1e-8 with
the scores in rational arithmetic that stand beside the trees. Where nothing applies XCCDF says 0
and the engine must say so instead of a number. Without DIR the copy in data/ is used
(data/README.md names the source).

A tree is held as [weight, [child, ...]] for a group and [weight, result] for a rule.
"""

from decimal import Decimal
import glob
import json
import math
import os
import sys
import tempfile

from compare import EngineError, run_engine

DEFAULT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "xccdf.json")
TOLERANCE = Decimal("1e-8")
SCORES = {"pass": 1, "fixed": 1, "fail": 0, "error": 0, "unknown": 0}
LEAVES = ("notapplicable", "notchecked", "notselected", "informational")
PLACES = 8                        # what the engine keeps of a weight
LARGEST = Decimal("5e10")         # what a sum of weights may safely reach there
AMPLE = Decimal("1e6")            # what it should reach, so that eight places are many digits
sys.setrecursionlimit(100_000)    # trees may be deep


# --- reading --------------------------------------------------------------------------------------

def _compact(node, effective):
    weight = Decimal(node.get("weight", 1))
    if "children" in node:
        return [weight, [_compact(child, effective) for child in node["children"]]]
    return [weight, effective.get(node["id"], node["result"])]


def read_checklists(place):
    """[{name, tree, default, flat, flat_max}] from a folder of trees or the compact file."""
    load = lambda path: json.load(open(path, encoding="utf-8"), parse_float=Decimal)
    if not os.path.isdir(place):
        return load(place)["checklists"]
    found = []
    for path in sorted(glob.glob(os.path.join(place, "*.json"))):
        raw = load(path)
        exact = raw["exact"]
        found.append({"name": raw["name"], "tree": _compact(raw["tree"], raw["effective"]),
                      "default": exact["default"],
                      "flat": exact["flat"], "flat_max": exact["flat_max"]})
    return found


def rules(tree):
    """The rules below a group, in order."""
    for child in tree[1]:
        if isinstance(child[1], list):
            yield from rules(child)
        else:
            yield child


def applies(tree):
    return any(result in SCORES for _, result in rules(tree))


# --- writing rubrics ------------------------------------------------------------------------------

def scale_of(weights):
    """A power of ten that brings weights into what the engine keeps; only proportions count."""
    exponents = [Decimal(weight).normalize().as_tuple().exponent for weight in weights if weight]
    places = -min(exponents, default=0)
    scale, total = Decimal(10) ** max(0, places - PLACES), sum(weights)
    while 0 < total * scale * 10 <= AMPLE:
        scale *= 10
    while total * scale > LARGEST:
        scale /= 10
    return scale


def plain(number):
    return format(number.normalize(), "f")


class _Names:
    """Ids in order: XCCDF's own need not be ids of the rubric language."""

    def __init__(self):
        self.count = 0
        self.results = []

    def rule(self, result):
        self.results.append(result)
        return f"r{len(self.results) - 1}"

    def group(self):
        self.count += 1
        return f"g{self.count}"


def _choice(score):
    options = ", ".join([f"{result}: {score if passed else 0}" for result, passed in SCORES.items()]
                        + [f"{result}: not_applicable" for result in LEAVES])
    return f"method: choice, scores: {{{options}}}"


def _members(group, names, indent):
    """The lines of a group's members; an empty group gets a rule that does not apply."""
    children = group[1] or [[Decimal(1), "notselected"]]
    scale = scale_of([weight for weight, _ in children])
    pad, items, sections = " " * indent, [], []
    for weight, inside in children:
        share = plain(weight * scale)
        if isinstance(inside, list):
            name = names.group()
            sections += [f"{pad}  - id: {name}", f"{pad}    title: {name}",
                         f"{pad}    weight: {share}", f"{pad}    combine: mean",
                         f"{pad}    points: 1000"]
            sections += _members([weight, inside], names, indent + 4)
        else:
            name = names.rule(inside)
            items.append(f"{pad}  - {{id: {name}, title: {name}, points: 1, weight: {share}, "
                         f"field: {name}, {_choice(1)}}}")
    items = [f"{pad}items:"] + items if items else []
    return items + ([f"{pad}sections:"] + sections if sections else [])


def _rubric(total, names, members, policy):
    options = ", ".join([*SCORES, *LEAVES])
    fields = [f"  r{at}: {{type: choice, label: rule {at}, options: [{options}]}}"
              for at in range(len(names.results))]
    return "\n".join(["kaoping: 1", "id: xccdf", "title: xccdf", f"total: {total}",
                      "round: {item: exact, total: exact}", f"not_applicable: {policy}",
                      "ranking: {within: all, ties: shared}", "fields:", *fields, *members]) + "\n"


def default_rubric(tree):
    """The checklist as a mean of means: (rubric, results by item)."""
    names = _Names()
    members = ["combine: mean"] + _members(tree, names, 0)
    return _rubric(100, names, members, "rescale"), names.results


def flat_rubric(tree):
    """The rules as items worth their weights: (rubric, results, scale), None if all are 0."""
    weighted = [(weight, result) for weight, result in rules(tree) if weight]
    if not weighted:
        return None
    scale = scale_of([weight for weight, _ in weighted])
    names, items = _Names(), ["items:"]
    for weight, result in weighted:
        name, points = names.rule(result), plain(weight * scale)
        items.append(f"  - {{id: {name}, title: {name}, points: {points}, field: {name}, "
                     f"{_choice(points)}}}")
    total = plain(sum(weight for weight, _ in weighted) * scale)
    return _rubric(total, names, items, "rescale"), names.results, scale


# --- scoring and comparing ------------------------------------------------------------------------

def _score(binary, folder, rubric, results):
    """The engine's unit for one checklist."""
    paths = os.path.join(folder, "rubric.yaml"), os.path.join(folder, "units.csv")
    cells = [",".join(["id"] + [f"r{at}" for at in range(len(results))]),
             ",".join(["host", *results])]
    for path, text in zip(paths, (rubric, "\n".join(cells) + "\n")):
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    return run_engine(binary, paths[0], [paths[1]])["units"][0]


def _differs(what, found, expected):
    """Beyond the tolerance and beyond what the double that holds the expected score can tell."""
    tolerance = TOLERANCE + Decimal(math.ulp(float(expected)))
    if found is None or abs(Decimal(found) - expected) > tolerance:
        return [f"{what}: kaoping {found}, exact {expected}"]
    return []


def _check_nothing(unit):
    if unit["state"] == "not_applicable" and unit.get("total") is None:
        return []
    return [f"nothing applies: kaoping says {unit['state']}, total {unit.get('total')}"]


def check_default(binary, folder, checklist):
    unit = _score(binary, folder, *default_rubric(checklist["tree"]))
    if not applies(checklist["tree"]):
        return _check_nothing(unit)
    return _differs("default", unit.get("exact"), Decimal(checklist["default"]))


def check_flat(binary, folder, checklist):
    """The passing weights are what the items earned, the weights that count are what was due."""
    made = flat_rubric(checklist["tree"])
    if made is None:
        return []
    rubric, results, scale = made
    unit = _score(binary, folder, rubric, results)
    if not any(result in SCORES for result in results):
        return _check_nothing(unit)
    flat, most = Decimal(checklist["flat"]), Decimal(checklist["flat_max"])
    earned = sum(Decimal(item["points"]) for item in unit["items"]
                 if item["state"] == "scored") / scale
    part = Decimal(unit["exact"]) / Decimal(unit["of"])
    return (_differs("flat", earned, flat) + _differs("flat as a share", part, flat / most)
            + _differs("flat_max", Decimal(unit["due"]) / scale, most))


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    binary = os.path.abspath(arguments[0])
    checklists = read_checklists(arguments[1] if len(arguments) > 1 else DEFAULT)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for checklist in checklists:
            try:
                found = check_default(binary, folder, checklist)
                found += check_flat(binary, folder, checklist)
            except EngineError as error:
                found = [str(error)]
            failures += bool(found)
            for line in found:
                print(f"{checklist['name']}: {line}")
    print(f"xccdf: {len(checklists)} checklists, {failures} with differences")
    return 1 if failures or not checklists else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
