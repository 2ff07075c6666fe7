#!/usr/bin/env python3
"""No key of a rubric slips through `kaoping compare` and `kaoping rubric diff`.

    tests/compare_keys.py [--program build/kaoping] [--rubrics tests/compare/keys/*.yaml] [--one-in 10]

The rubrics of tests/compare/keys together use every key of the language; which keys there are is read
from the tables of engine/load, so that a new key fails here until a rubric has it. Every key is changed
at every place where it stands: a number grows, a word becomes another one, a name another name, an
element of a list goes, the key goes, a key that was not there comes. Each rubric so made is held
against the one it was made from, with the same data for both:

    named         the item, section, gate, field or the rubric itself has a mark that names the key
    points        an item or section that counts as comparable has the same points in both
    did           nothing is put down to what the units did: they did the same in both
    words         titles, remedies and the like hinder no comparison, and move no total
"""

import argparse
import copy
import json
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
LOAD = ROOT / "engine" / "load"
WORKERS = 2
DIFF_EVERY = 25  # `compare` holds what `rubric diff` says; of so many one asks that too
TIMEOUT = 60

# ---- the engine's tables of keys ----

# What a table is for. A table that stands in a function is named for it.
TABLES = {
    "root_keys": "root", "shared_keys": "shared", "section_keys": "section", "extra_keys": "extra", "item_keys": "item",
    "field_keys": "field", "load_round": "round", "columns_load": "columns", "ranking_load": "ranking",
    "load_policies": "not_applicable", "load_deficiency": "deficiency", "load_gate": "gate", "load_effect": "effect",
    "load_quota": "quota", "grades_load": "grade", "load_scripted_grades": "scripted", "section_grades_load": "band",
    "script_use_map": "when", "read_drop": "drop", "read_level": "levels", "read_tiers": "tiers",
    "read_rank_tiers": "ranks", "read_rates": "rates",
}
SHARED_TOO = ("root", "section", "extra")


def engine_tables():
    """{what it is for: keys}, and what was found that TABLES does not know."""
    found, unknown = {}, []
    for path in sorted(LOAD.glob("*.c")):
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("cases"):
            continue  # the files of `kaoping test`
        used = set(re.findall(r"keys_known\([^;]*?\b(\w*keys|share|reserved)\b", text))
        for match in re.finditer(r'const char \*const (\w+)\[\] = \{([^;]*?)NULL\};', text):
            name, before = match.group(1), text[: match.start()]
            if name not in used and name != "shared_keys":
                continue
            top = "\n}\n" in before and before.rindex("\n}\n") or 0
            function = re.findall(r"^\w[^\n;=]*?(\w+)\([^;{]*\)\n\{", before[top:], re.M)
            place = function[-1] if function and not name.endswith("_keys") else name
            if name == "reserved" and "ignore" not in match.group(2):
                continue
            keys = re.findall(r'"(\w+)"', match.group(2))
            if place not in TABLES:
                unknown.append(f"{path.name}: {place}: {', '.join(keys)}")
            else:
                found[TABLES[place]] = keys
    return found, unknown


def method_keys():
    text = (LOAD / "rule_load.c").read_text(encoding="utf-8")
    macros = dict(re.findall(r"#define (\w+_KEYS?)\s(.*?)\n\n?(?=#define|static)", text, re.S))
    methods = {}
    for name, body in re.findall(r"struct rule_key (\w+)_keys\[\] = \{(.*?)END\}", text, re.S):
        for macro, meaning in macros.items():
            body = re.sub(rf"\b{macro}\b", lambda _, meaning=meaning: meaning, body)
        methods[name] = re.findall(r'"(\w+)",\s*read_', body)
    return methods


# ---- where keys stand ----


class Element:
    """A map of the rubric: what kind it is, whose marks name it, and under which key it stands there."""

    def __init__(self, table, path, owner, outer=None):
        self.table, self.path, self.owner, self.outer = table, tuple(path), owner, outer


def inner(node, path, owner, table):
    """Maps inside a member, a gate or the rubric."""
    if isinstance(node.get("deficiency"), dict):
        yield Element("deficiency", [*path, "deficiency"], owner, "deficiency")
    if isinstance(node.get("not_applicable"), dict):
        yield Element("not_applicable", [*path, "not_applicable"], owner, "not_applicable")
    if isinstance(node.get("grades"), list):
        for i, grade in enumerate(node["grades"]):
            yield Element("grade" if table == "root" else "band", [*path, "grades", i], owner, "grades")
            if "quota" in grade:
                yield Element("quota", [*path, "grades", i, "quota"], owner, "grades")
    if table != "item":
        return
    ranks = node["method"] == "rank"
    for key, kind in (("levels", "levels"), ("tiers", "ranks" if ranks else "tiers"), ("rates", "rates")):
        for i in range(len(node.get(key, []))):
            yield Element(kind, [*path, key, i], owner, key)
    if node["method"] == "rating" and "drop" in node:
        yield Element("drop", [*path, "drop"], owner, "drop")


def members(node, path):
    for key, table in (("sections", "section"), ("items", "item")):
        for i, member in enumerate(node.get(key, [])):
            here, owner = [*path, key, i], ("member", member["id"])
            yield Element(table, here, owner)
            yield from inner(member, here, owner, table)
            yield from members(member, here)


def elements(raw):
    rubric = ("rubric", None)
    yield Element("root", [], rubric)
    yield from inner(raw, [], rubric, "root")
    for key in ("round", "columns", "ranking"):
        if key in raw:
            yield Element(key, [key], rubric, key)
    if isinstance(raw.get("grades"), dict):
        yield Element("scripted", ["grades"], rubric, "grades")
    for name in raw["fields"]:
        yield Element("field", ["fields", name], ("field", name))
    yield from members(raw, [])
    for key in ("bonus", "deductions"):
        if key in raw:
            yield Element("extra", [key], ("member", key))
            yield from inner(raw[key], [key], ("member", key), "extra")
            yield from members(raw[key], [key])
    for i, gate in enumerate(raw.get("gates", [])):
        owner = ("gate", gate["id"])
        yield Element("gate", ["gates", i], owner)
        yield Element("effect", ["gates", i, "effect"], owner, "effect")
        if isinstance(gate["when"], dict):
            yield Element("when", ["gates", i, "when"], owner, "when")


def at(raw, path):
    for step in path:
        raw = raw[step]
    return raw


# ---- changes ----

WORDS = {
    "missing": ["zero", "none", "unscored", "error"], "not_applicable": ["rescale", "even", "full", "zero", {"share": "35%"}],
    "combine": ["sum", "mean", "geometric", "harmonic", "min"], "better": ["high", "low"],
    "partial_step": ["down", "up", "exact"], "mode": ["marginal", "all"], "blank": ["skip", "zero"], "per": ["class", "all"],
    "at_cut": ["all_in", "all_out"], "within": ["class", "all"], "ties": ["shared", "dense"], "on": ["total", "exact"],
    "vetoed": ["last", "by_points", "unranked"], "take": ["mean", "min"], "severity": ["minor", "major", "critical"],
    "evidence": ["required", "none"], "scale": ["true", "false"], "all": ["true", "false"], "required": ["true", "false"],
    "type": ["count", "number", "percent", "yesno", "date", "choice", "text", "list"], "by": ["unit", "assessor"],
}
ROUNDS = ["down", "up", "nearest"]  # of a quota; `round` of the rubric is a map
AS = {"judged": ["points", "loss"], "change": ["difference", "percent"]}
FROM = ["zero", "worst"]  # of `best`

# What a key is given where it does not stand yet.
NEW = {
    "for": ["town"], "when": "a > 5", "missing": "none", "not_applicable": {"share": "35%"}, "deficiency": "none", "evidence": "required",
    "department": "某处", "since": "2090", "until": "1990", "clause": "另一条", "reason": "k", "floor": "none", "cap": "none",
    "weight": "7", "title": "标题", "factor": "75%", "scale": "true", "keep": "best 1", "drop": "worst 1", "complete": "99%",
    "combine": "mean", "points": "3", "nothing_at": "2", "nothing_past": "2", "min": "1", "max": "200",
    "required": "true", "by": "assessor", "alias": ["别名"], "unit": "个", "issued": "2024-12-30", "section": "0",
    "vetoed": "unranked", "quota": {"count": "1", "per": "class", "at_cut": "all_out"}, "needs": {"wa": "90%"},
    "then": "0.1", "most": "0.5", "mode": "all", "better": "low", "grades": [{"name": "甲", "from": "6"}, {"name": "乙"}],
    "take": "min", "class": "town", "all": "true", "at_least": "4", "remedy": "再改", "text": "另一句", "due": "3 days",
    "partial_step": "down", "sort_key": "次序", "parent": "上一级",
}

# What holds where neither the element nor anything above it says so.
DEFAULTS = {"missing": "zero", "evidence": "none", "not_applicable": None}

# Never named, and why.
UNNAMED = {
    ("root", "kaoping"): "the version of the language",
    ("root", "extends"): "what is compared is what the rubrics mean once put together",
    ("root", "remove"): "the same",
    ("item", "replaces"): "says which old item is meant; see check_renames()", ("section", "replaces"): "the same",
}
# Changes no score: in any table, or in the one named.
WORDS_ONLY = {("", "title"), ("", "department"), ("", "deficiency"), ("deficiency", ""), ("root", "id"), ("root", "issued"),
              ("field", "label"), ("field", "alias"), ("field", "required"), ("gate", "clause"), ("section", "clause"),
              ("extra", "clause")}
# Under which other names a key is told: its second number, the parts that it is given for.
ALIKE = {"lose": {"lose", "per"}, "need": {"need", "fields"}}


def number_texts(text):
    """The text with each of its numbers changed in turn."""
    day = re.fullmatch(r"(\d{4}-\d{2})-(\d{2})", text)
    if day:
        yield f"{day.group(1)}-{(int(day.group(2)) + 3) % 28 + 1:02}"
        return
    for match in re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", text):
        whole = "." not in match.group()
        value = float(match.group())
        grown = str(int(value) + 1) if whole else f"{value + 0.15:.2f}"
        yield text[: match.start()] + grown + text[match.end():]


class Names:
    """What a name in the rubric can be exchanged for."""

    def __init__(self, raw):
        self.groups = [[n for n, f in raw["fields"].items() if f["type"] == kind] for kind in WORDS["type"]]
        numeric = ("count", "number", "percent")
        self.groups.append([n for n, f in raw["fields"].items() if f["type"] in numeric])
        for table in ("section", "item"):
            self.groups.append([e.owner[1] for e in elements(raw) if e.table == table])
        self.groups.append(list(raw["classes"]))
        self.groups.append(list(raw.get("periods", {})))
        if isinstance(raw.get("grades"), list):
            self.groups.append([g["name"] for g in raw["grades"]])

    def others(self, name):
        for group in self.groups:
            if name in group and len(group) > 1:
                yield group[(group.index(name) + 1) % len(group)]


def changed_text(text, key, table, node, names):
    words = WORDS.get(key)
    if key == "script":
        return [text.replace(".lua", "_other.lua")]
    if text.endswith(".yaml"):
        return [text.replace(".yaml", "_other.yaml")]
    if key == "name":
        return [text + "改"]
    if key == "round" and table == "quota":
        words = ROUNDS
    elif key == "as":
        words = AS[node["method"]]
    elif key == "from" and node.get("method") == "best":
        words = FROM
    if words and text in words:
        others = [w for w in words if w != text]
        return others[:2] if key == "type" else others
    found = list(number_texts(text)) + list(names.others(text))
    return found or [text + "x" if key in ("id", "script", "field") else text + "改"]


def changed(value, key, table, node, names):
    """The value with one thing changed, each time another."""
    if isinstance(value, str):
        yield from changed_text(value, key, table, node, names)
    elif isinstance(value, list):
        for i, one in enumerate(value):
            if len(value) > 1:
                yield value[:i] + value[i + 1:]
            if isinstance(one, str):
                for other in changed_text(one, key, table, node, names):
                    yield value[:i] + [other] + value[i + 1:]
    else:
        for name, one in value.items():
            if len(value) > 1:
                yield {k: v for k, v in value.items() if k != name}
            for other in names.others(name):
                if other not in value:
                    yield {other if k == name else k: v for k, v in value.items()}
            for other in changed(one, name, "value", node, names):
                yield {**value, name: other}


# Whose maps and lists are elements of their own.
STRUCTURE = {"root": ("fields", "sections", "items", "bonus", "deductions", "gates", "round", "columns", "ranking", "extends"),
             "section": ("sections", "items"), "extra": ("sections", "items"), "gate": ("effect",)}
# Maps that are elements of their own, and what check_renames() names otherwise.
ELEMENTS = ("deficiency", "not_applicable", "drop", "effect", "when", "quota", "grades")
RENAMED = ("item", "section", "gate")


def one_element(key, value):
    """Of a list of elements only the list itself changes here: each goes in turn."""
    if isinstance(value, list) and len(value) > 1:
        for i in range(len(value)):
            yield value[:i] + value[i + 1:]
    elif isinstance(value, dict) and key == "fields":
        for name in value:
            yield {k: v for k, v in value.items() if k != name}


# Of what any item, section or grade has in the same way so many; all of what belongs to a method.
ENOUGH = 3


def another_method(node):
    """Another method takes other keys: the item is another but for its id."""
    return {**{k: node[k] for k in ("id", "title", "points") if k in node}, "method": "formula", "formula": "full / 2"}


def values_of(e, key, node, names):
    """What stands under the key, changed."""
    value = node[key]
    if key in STRUCTURE.get(e.table, ()) or isinstance(value, list) and isinstance(value[0], dict):
        return one_element(key, value)
    if isinstance(value, dict) and key in ELEMENTS or key == "id" and e.table in RENAMED:
        return ()
    return changed(value, key, e.table, node, names)


def mutants(raw):
    """(element, key, what was done, the rubric)."""
    names, done = Names(raw), {}

    def enough(e, key, what):
        own = key == "sections" or e.table == "item" and key not in TABLE_KEYS["item"]
        count = done[e.table, key, what] = done.get((e.table, key, what), 0) + 1
        return not own and count > ENOUGH

    for e in elements(raw):
        node = at(raw, e.path)
        keys = TABLE_KEYS[e.table] + (METHOD_KEYS[node["method"]] if e.table == "item" else [])
        for key in dict.fromkeys(keys):
            if key not in node:
                value = NEW.get(key)
                if value is not None and not enough(e, key, "+"):
                    yield e, key, f"+ {short(value)}", placed(raw, e.path, {**node, key: value})
                continue
            if not enough(e, key, "dropped"):
                yield e, key, "dropped", placed(raw, e.path, {k: v for k, v in node.items() if k != key})
            for value in values_of(e, key, node, names):
                if not enough(e, key, "changed"):
                    yield e, key, f"{short(node[key])} → {short(value)}", placed(raw, e.path, {**node, key: value})
        if e.table == "item" and node["method"] != "formula" and not enough(e, "method", "replaced"):
            yield e, "method", "another method", placed(raw, e.path, another_method(node))
        if e.table == "root" and "combine" not in node:
            total = f"{float(node['total']) * 0.8:g}"
            yield e, "factor", "+ 80%, and the total", {**node, "factor": "80%", "total": total}


def short(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:60]


def placed(raw, path, node):
    if not path:
        return node
    raw = copy.copy(raw)
    top, here = raw, raw
    for step in path[:-1]:
        here[step] = copy.copy(here[step])
        here = here[step]
    here[path[-1]] = node
    return top


# ---- held against each other ----


class Faults:
    """One for each change: what follows from it is not told again."""

    def __init__(self):
        self.list, self.told = [], set()

    def add(self, mutant, text):
        e, key, what = mutant
        if (e, key, what) in self.told:
            return
        self.told.add((e, key, what))
        self.list.append(f"{e.table} {'.'.join(map(str, e.path))} ({e.owner[1] or 'rubric'}): {key}: {what}: {text}")


def parameters(value, inside=False):
    """The rubric with the numbers of scripts' parameters as numbers: there a quoted one is a text."""
    if isinstance(value, dict):
        return {k: parameters(v, inside or k == "params") for k, v in value.items()}
    if isinstance(value, list):
        return [parameters(v, inside) for v in value]
    return float(value) if inside and re.fullmatch(r"\d+(\.\d+)?", value) else value


class Bench:
    """A rubric with its data in a folder of its own."""

    def __init__(self, program, path, folder):
        self.program, self.folder, self.name = program, folder, path.stem
        self.raw = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        self.data = path.with_suffix(".csv")
        self.previous = path.with_name(path.stem + "-previous.csv")
        self.old = self.write(self.raw, "old")

    def write(self, raw, name):
        path = self.folder / f"{self.name}-{name}.yaml"
        path.write_text(json.dumps(parameters(raw), ensure_ascii=False, indent=0), encoding="utf-8")
        return path

    def run(self, *arguments):
        """The result, or the errors."""
        done = subprocess.run([self.program, *map(str, arguments), "--format", "json", "--quiet", "--lang", "en"],
                              capture_output=True, timeout=TIMEOUT, check=False, close_fds=False)
        if done.returncode not in (0, 1, 4):
            raise SystemExit(f"exit {done.returncode}: {arguments}\n{done.stderr.decode()}")
        return (json.loads(done.stdout), "") if done.returncode == 0 else (None, done.stderr.decode())

    def diff(self, new):
        return self.run("rubric", "diff", self.old, new)[0]

    def compare(self, new):
        """(the comparison, what is said of the rubrics). Data that the new rubric refuses cannot be compared,
        the two rubrics can. None of both: the rubric is refused, and nobody can be misled."""
        sides = [f"--{side}-{what}={path}" for what, path in (("data", self.data), ("previous", self.previous))
                 if path.exists() for side in ("old", "new")]
        result, errors = self.run("compare", self.old, new, *sides)
        if result:
            return result, result["diff"]
        refused = f"{new}:" in errors and "[script-failed]" not in errors
        return None, None if refused else self.diff(new)


def owner_marks(diff, owner):
    """The marks of the owner; None if it went."""
    kind, name = owner
    if kind == "rubric":
        return diff["rubric"]["marks"]
    for one in diff[{"member": "members", "field": "fields", "gate": "gates"}[kind]]:
        if one["id"] == name:
            return one.get("marks")
    return []


def names_key(mark, e, key):
    parts = re.split(r"[.\s,]+", mark["key"])
    named = bool(ALIKE.get(key, {key}) & set(parts))
    if e.outer:
        return parts[0] == e.outer and (named or key in ("name", "names") or len(parts) == 1)
    return parts[0] in ALIKE.get(key, {key})


def told(list_of):
    return [one for one in list_of if one["change"] != "same"]


def in_effect(raw, path, key):
    """What the nearest above says of what may stand at any of them."""
    nearest = DEFAULTS.get(key)
    for i in range(len(path) + 1):
        node = at(raw, path[:i])
        nearest = node.get(key, nearest) if isinstance(node, dict) else nearest
    return nearest


def same_meaning(old, new, e, key):
    """Whether the key says what would hold without it."""
    before, after = at(old, e.path), at(new, e.path)
    return (in_effect(old, e.path, key) == in_effect(new, e.path, key) and key in DEFAULTS or
            e.table == "section" and key == "points" and key not in after or  # follows from the members
            "rates" in before and key == "better")  # follows from `above`


def outcome(diff):
    return {"words": 0, "data": 1, "outcome": 2, "points": 3}.get(diff["changes"], -1)


def check_scores(mutant, diff, result, faults):
    """What differs with the same data must not count as what the units did."""
    hidden = False
    for unit in result["units"]:
        then, now = unit["then"][0], unit["now"]
        if any(then[k] != now[k] for k in ("state", "rank", "grade", "total")) and outcome(diff) < 2:
            faults.add(mutant, f"{unit['id']} differs, and the change counts as {diff['changes']}")
        for item in unit["items"]:
            if item["state"] == "comparable" and item["then"] != item["now"]:
                faults.add(mutant, f"{unit['id']}: {item['id']} counts as comparable: {item['then']} → {item['now']}")
        for section in unit["sections"]:
            if section["comparable"] and section["then"] != section["now"]:
                faults.add(mutant, f"{unit['id']}: section {section['id']} counts as comparable: "
                                   f"{section['then']} → {section['now']}")
        if unit["did"] is not None and float(unit["did"]) != 0:
            faults.add(mutant, f"{unit['id']}: did {unit['did']}")
        hidden = hidden or then != now
    return hidden


def check_mutant(bench, number, mutant, raw, faults, seen):
    e, key, _ = mutant
    new = bench.write(raw, f"new{number}")
    result, diff = bench.compare(new)
    if diff is None:
        return
    if result and number % DIFF_EVERY == 0:
        alone = bench.diff(new)
        if any(told(alone[part]) != told(diff[part]) for part in ("fields", "members", "gates")):
            faults.add(mutant, "`rubric diff` says something else than `compare`")
    new.unlink()
    moved = result is not None and check_scores(mutant, diff, result, faults)
    if (e.table, key) in UNNAMED:
        seen.add((e.table, key))
        return
    marks = owner_marks(diff, e.owner)
    if (e.table, key) == ("root", "periods"):  # another sheet is told at the items that rest on it
        marks = [{"key": key} for one in diff["members"] for mark in one.get("marks", []) if mark["key"] == "sheet"]
    structure = key in STRUCTURE.get(e.table, ())
    gone = structure and any(one["change"] in ("gone", "new") for kind in ("members", "fields", "gates") for one in diff[kind])
    named = gone or marks is None or any(names_key(mark, e, key) for mark in marks)
    if not named and not moved and same_meaning(bench.raw, raw, e, key):
        return
    if not named:
        faults.add(mutant, f"not named{', and scores differ' if moved else ''}; marks: {[m['key'] for m in marks]}")
        return
    seen.add((e.table, key))
    if e.outer:
        seen.add((e.owner[0] if e.owner[0] == "gate" else "root", e.outer))
    if e.table == "item":
        seen.add((at(raw, e.path)["method"] if "method" in at(raw, e.path) else "", key))
    words_only = {("", key), (e.table, ""), (e.table, key)} & WORDS_ONLY
    if words_only and outcome(diff) > 1:
        faults.add(mutant, f"changes {diff['changes']}")
    if words_only and result is not None and (moved or any(i["id"] and i["was"] and not i["comparable"] for i in result["items"])):
        faults.add(mutant, "hinders a comparison")


# ---- names ----


def check_renames(bench, faults, seen):
    """An id that changes is an item that went and another that came; with `replaces` it is the same one."""
    count = 0
    for e in elements(bench.raw):
        if e.table not in ("item", "section", "gate") or not re.fullmatch(r"[a-z]\w+", e.owner[1]):
            continue
        new = json.loads(re.sub(rf'(?<!\w){e.owner[1]}(?!\w)', f"r_{e.owner[1]}", json.dumps(bench.raw, ensure_ascii=False)))
        for replaces in (False, True) if e.table != "gate" else (False,):
            here = dict(at(new, e.path))
            if replaces:
                here["replaces"] = [e.owner[1]]
            mutant = (e, "id", f"renamed{' with replaces' if replaces else ''}")
            result, diff = bench.compare(bench.write(placed(new, e.path, here), "renamed"))
            if result is None:
                continue
            check_scores(mutant, diff, result, faults)
            count += 1
            seen.add((e.table, "id"))
            kind = "gates" if e.table == "gate" else "members"
            came = [m for m in diff[kind] if m["id"] == f"r_{e.owner[1]}"]
            went = [m for m in diff[kind] if m["change"] == "gone"]
            if replaces != (not went) or not came or (came[0]["change"] == "new") == replaces:
                faults.add(mutant, f"{came} {went}")
    return count


TABLE_KEYS, METHOD_KEYS = {}, {}


def wanted():
    for table, keys in TABLE_KEYS.items():
        if table != "shared":
            yield from ((table, key) for key in keys)
    for method, keys in METHOD_KEYS.items():
        yield from ((method, key) for key in keys)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build" / "kaoping"))
    parser.add_argument("--rubrics", nargs="*", default=sorted(map(str, (ROOT / "tests/compare/keys").glob("*.yaml"))))
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="only so many of the changes (slow builds)")
    args = parser.parse_args()
    program = str(Path(args.program).resolve())
    tables, unknown = engine_tables()
    TABLE_KEYS.update({name: keys + (tables["shared"] if name in SHARED_TOO else []) for name, keys in tables.items()})
    METHOD_KEYS.update(method_keys())
    faults, seen, count = Faults(), set(), 0
    faults.list += [f"a table of keys that this test does not know: {one}" for one in unknown]
    faults.list += [f"no table for {name}" for name in set(TABLES.values()) - set(tables)]
    folder = Path(tempfile.mkdtemp(prefix="kaoping-keys-"))
    with ThreadPoolExecutor(WORKERS) as pool:
        for name in args.rubrics:
            path = Path(name)
            for script in path.parent.glob("*.lua"):
                shutil.copy(script, folder)
                other = folder / f"{script.stem}_other.lua"
                other.write_text(script.read_text(encoding="utf-8") + "\n", encoding="utf-8")
            shutil.copytree(path.parent / "sheets", folder / "sheets", dirs_exist_ok=True)
            bench = Bench(program, path, folder)
            if bench.compare(bench.old)[0] is None:
                raise SystemExit(f"{name} cannot be scored")
            tasks = []
            for number, (e, key, what, raw) in enumerate(mutants(bench.raw)):
                if number % args.one_in:
                    continue
                tasks.append(pool.submit(check_mutant, bench, number, (e, key, what), raw, faults, seen))
            for task in tasks:
                task.result()
            count += len(tasks) + check_renames(bench, faults, seen)
    if args.one_in == 1:
        faults.list += [f"no rubric shows a change of {table}: {key}" for table, key in wanted()
                        if (table, key) not in seen | set(UNNAMED)]
    for fault in faults.list[:60]:
        print(fault)
    print(f"compare: {count} rubrics with one key changed, {len(faults.list)} faults")
    shutil.rmtree(folder)
    return 1 if faults.list else 0


if __name__ == "__main__":
    sys.exit(main())
