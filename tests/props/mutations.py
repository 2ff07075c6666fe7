"""Changes to a rubric, one at a time: what changes a score, `rubric diff` must have marked.

Every number, word and list element of a rubric is changed in turn; what the program refuses is no
change. Used by props.py.
"""

import copy
import json
import random
import re

import yaml

# What a word may become: one of the others in its row.
WORDS = (
    ("zero", "none", "unscored", "error"),
    ("rescale", "even", "full", "zero"),
    ("down", "up", "exact", "nearest"),
    ("marginal", "all"),
    ("high", "low"),
    ("shared", "dense"),
    ("class", "all"),
    ("last", "by_points", "unranked"),
    ("all_in", "all_out"),
    ("sum", "mean", "geometric", "harmonic", "min"),
    ("zero", "worst"),
    ("skip", "zero"),
    ("points", "loss"),
    ("total", "exact"),
    ("minor", "major", "critical"),
    ("true", "false"),
    ("unit", "assessor"),
    ("count", "number", "percent"),
)
# The same in all results of a unit that are scores.
UNIT = (
    "state", "total", "exact", "before_gates", "due", "of", "rank", "ranked", "grade", "grade_by_band",
    "vetoed", "reported", "low", "high", "gates",
)
MEMBER = ("state", "points", "due", "of", "grade")


def scalars(tree, path=()):
    """Paths of all values, and of all elements and keys (which may be left out)."""
    if path:
        yield path
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from scalars(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from scalars(value, (*path, index))


def at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def other_texts(text, fields):
    """What might stand in place of a text."""
    if number := re.fullmatch(r"(-?\d+(?:\.\d+)?)(%?)", text):
        value, sign = float(number.group(1)), number.group(2)
        for new in (value + 1, value - 1, value * 2, value / 2):
            yield f"{new:.10g}{sign}"
    for row in WORDS:
        if text in row:
            yield from (word for word in row if word != text)
    if text in fields:
        same = [f for f in fields if f != text and fields[f].get("type") == fields[text].get("type")]
        yield from same[:3]
    for name in fields:
        if re.search(rf"\b{name}\b", text) and name != text:
            yield f"not ({text})"
            yield re.sub(r"\d+", lambda n: str(int(n.group()) + 1), text)
            break
    if rate := re.fullmatch(r"(\d+(?:\.\d+)?) per (.*)", text):
        yield f"{float(rate.group(1)) * 2:g} per {rate.group(2)}"
    if date := re.fullmatch(r"(\d{4}-\d\d)-(\d\d)", text):
        yield f"{date.group(1)}-{'10' if date.group(2) != '10' else '11'}"


def mutations(tree):
    """(what, changed tree) of all changes to try."""
    for path in scalars(tree):
        value, name = at(tree, path), ".".join(map(str, path))
        if isinstance(value, str):
            for text in dict.fromkeys(other_texts(value, tree.get("fields", {}))):
                changed = copy.deepcopy(tree)
                at(changed, path[:-1])[path[-1]] = text
                yield f"{name}: {value} -> {text}", changed
        changed = copy.deepcopy(tree)
        del at(changed, path[:-1])[path[-1]]
        yield f"without {name}", changed
    # Whole-rubric changes that no single value makes.
    for key, value in (("floor", "none"), ("missing", "none"), ("missing", "unscored"), ("cap", "90"),
                       ("complete", "99%"), ("evidence", "required"), ("factor", "50%")):
        if key not in tree:
            yield f"{key}: {value}", {**tree, key: value}


def as_yaml(tree, plain=False):
    """JSON, but that values of parameters have no quotes, which would make them texts."""
    if isinstance(tree, dict):
        pairs = (f"{json.dumps(k)}: {as_yaml(v, plain or k == 'params')}" for k, v in tree.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(as_yaml(v, plain) for v in tree) + "]"
    bare = plain and re.fullmatch(r"[\w.%+-]+", tree)
    return tree if bare else json.dumps(tree, ensure_ascii=False)


def scores(result):
    """{unit id: (what the unit has, {member id: what it has})}"""
    units = {}
    for unit in result["units"]:
        members = {m["id"]: [m.get(k) for k in MEMBER] for m in unit["sections"] + unit["items"]}
        units[unit["id"]] = ([unit.get(k) for k in UNIT], members)
    return units


def unmarked(case, kaoping, folder, sample):
    """Changes to the rubric that changed a score without a mark; `sample`: how many are tried."""
    rng = random.Random(case.name)
    tree = yaml.load(case.rubric.read_text(encoding="utf-8-sig"), yaml.BaseLoader)
    changes = list(mutations(tree))
    changes = changes if sample >= len(changes) else rng.sample(changes, sample)
    score = ["--format", "json", "--quiet"]

    def scored(rubric):
        ran = kaoping("score", rubric, *case.data, *case.beside, *score)
        return scores(json.loads(ran.stdout)) if ran.returncode == 0 else None

    before = scored(case.rubric)
    tried = differ = 0
    for what, changed in changes:
        path = f"{folder}/changed.yaml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(as_yaml(changed))
        after = scored(path)
        if after is None:
            continue
        tried += 1
        if after == before:
            continue
        differ += 1
        ran = kaoping("rubric", "diff", case.rubric, path, "--format", "json", "--quiet")
        if ran.returncode != 0:
            yield f"{what}: diff ends with {ran.returncode}"
            continue
        diff = json.loads(ran.stdout)
        if diff["changes"] not in ("data", "outcome", "points"):
            yield f"{what}: scores change, diff says {diff['changes']}"
        members = {m["id"]: m for m in diff["members"]}
        for unit in before:
            old, new = before[unit][1], after.get(unit, (None, {}))[1]
            for item in old.keys() & new.keys():
                about = members[item]
                if old[item] != new[item] and about.get("comparable") and diff["changes"] != "data":
                    yield f"{what}: {unit} {item} {old[item]} -> {new[item]}, said to be comparable"
                    break
    if sample >= 50 and (tried < sample / 10 or differ == 0):
        yield f"only {tried} of {len(changes)} changes were accepted, {differ} changed a score"
