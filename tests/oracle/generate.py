"""Random but valid rubrics with data, to hold the engine against the recomputation.

    python3 generate.py SEED OUTDIR      writes OUTDIR/rubric.yaml and one or two data files, as many of
                                         the previous period, previous-*, if it is read, and for some
                                         seeds a file of waivers

The same seed always gives the same files.

Why: the language is a product of many rules, and a table of cases only meets the combinations that
somebody thought of. A rubric made here keeps the language's own rules (sums for every class, the
keys that must be written) and stays away from what the language leaves open; within that everything
is thrown together, with data that lie on the bounds.

    generate.py   the rubric: sections, gates, grades, ranking
    genitems.py   items
    gendata.py    units
    genwaivers.py what some of them are excused from
"""

from fractions import Fraction
import json
import os
import random
import re
import sys

from exact import plain
from gendata import Cells, Writer, draw_before, draw_parents, draw_units
from genitems import Items, Scope
from genwaivers import write_waivers

CLASS_NAMES = [["township", "street", "bureau", "city"], ["乡镇", "街道", "部门"], ["a", "b"]]
GRADE_NAMES = ["优秀", "良好", "合格", "基本合格", "不合格"]
COMBINES = ["mean", "mean", "geometric", "harmonic", "min"]


class Rubric:
    """One random rubric: `text` and the data that go with it."""

    def __init__(self, seed):
        self.seed = seed
        self.rng = random.Random(seed)
        self.named = self.rng.random() < 0.8
        self.classes = self._classes()
        self.items = Items(self.rng, self.classes)
        self.section_count = 0
        self.sections = []            # (id, points in hundredths) of those on every class's sheet
        self.evidence = {}
        self.raw = self._rubric()

    def chance(self, probability):
        return self.rng.random() < probability

    def _classes(self):
        names = self.rng.choice(CLASS_NAMES)
        return names[:self.rng.randint(1, len(names))] if self.named else [None]

    def _alike(self, points):
        return {name: points for name in self.classes}

    # --- the rubric -------------------------------------------------------------------------------

    def _rubric(self):
        rng = self.rng
        total = rng.choice([100, 100, 100, 60, 150, 1000, 20]) * 100
        raw = {"kaoping": "1", "id": "r", "title": "随机细则",
               "period": rng.choice(["2024", "2024Q3"]), "total": plain(Fraction(total, 100)),
               "round": self._rounding()}
        if self.named:
            raw["classes"] = self.classes
        scope = self._policies(raw)
        self.items.make_condition_fields()
        if scope.policy and self.chance(0.05):
            raw["when"] = self.items.conditions[0].id
            scope = scope.with_(when=True)
        self._fill_top(raw, total, scope)
        for name in ("bonus", "deductions"):
            if self.chance(0.5):
                raw[name] = self._outside(name, scope)
        if self.chance(0.15):
            raw["complete"] = rng.choice(["50%", "65%", "90%"])
        if self.chance(0.2):
            raw["cap"] = plain(Fraction(total, 100) + rng.choice([0, 1, Fraction(5, 2)]))
        self._grades_and_gates(raw, total)
        return self._ordered(raw)

    def _ordered(self, raw):
        """Fields are known only when all that reads them is made, but stand before it."""
        fields = self.items.conditions + self.items.fields
        last = ("items", "sections", "bonus", "deductions", "gates", "grades", "ranking")
        late = [key for key in raw if key in last]
        first = {key: value for key, value in raw.items() if key not in late}
        self.class_heading = self.rng.choice(["class", "类别", "考核分组"])
        columns = {"class": "考核分组"} if self.class_heading == "考核分组" else {}
        self.ignored = "序号" if self.chance(0.1) else None
        if self.ignored:
            columns["ignore"] = [self.ignored]
        if columns:
            first["columns"] = columns
        return {**first, "fields": {field.id: field.entry() for field in fields},
                **{key: raw[key] for key in late}}

    def _rounding(self):
        rng = self.rng
        stages = {"item": rng.choice(["2", "2", "1", "0", "4", "exact"])}
        if self.chance(0.3):
            stages["section"] = rng.choice(["2", "1", "exact"])
        return {**stages, "total": rng.choice(["2", "2", "2", "1", "0", "exact"])}

    def _policies(self, raw):
        """The policies at the top; some rubrics have nothing that can be not applicable."""
        rng = self.rng
        if self.chance(0.1):
            return Scope(policy=None)
        policy = rng.choice(["rescale", "rescale", "rescale", "even", "even", "full", "zero",
                             {"share": "80%"}])
        raw["not_applicable"] = policy
        scope = Scope(policy=policy, fixed=policy not in ("rescale", "even"))
        if self.chance(0.25):
            scope = scope.with_(missing=rng.choice(["zero", "none"]
                                                   + ([] if scope.fixed else ["unscored"])))
            raw["missing"] = scope.missing
        return scope

    def _fill_top(self, raw, total, scope):
        """The outermost section: mostly a sum of sections, but it may hold items or be a mean."""
        if self.chance(0.12):
            raw["combine"] = self.rng.choice(COMBINES)
            self._fill_shares(raw, scope, 1)
        elif self.chance(0.06):
            raw["factor"] = "50%"
            self._fill_sum(raw, total * 2, scope, 1)
        else:
            self._fill_sum(raw, total, scope, 1)

    # --- sections ---------------------------------------------------------------------------------

    def _fill_sum(self, raw, points, scope, depth):
        """Members whose points add up to these, for every class."""
        count = self.rng.randint(2, 4) if points >= 800 else 2
        splits = self.items.split(points, count)
        sections, leaves = [], []
        for split in splits:
            deeper = depth < 4 and split >= 400 and self.chance(0.75 if depth == 1 else 0.25)
            (sections if deeper else leaves).append(split)
        if leaves:
            raw["items"] = self._leaves(leaves, scope)
        if sections:
            raw["sections"] = [section for split in sections
                               for section in self._for_everybody(split, scope, depth + 1)]

    def _for_everybody(self, points, scope, depth):
        """One section, or at the top sometimes one for some classes and another for the rest."""
        if depth > 2 or len(self.classes) < 2 or self.chance(0.9):
            return [self._section(points, scope, depth)]
        cut = self.rng.randint(1, len(self.classes) - 1)
        found = []
        for part in (self.classes[:cut], self.classes[cut:]):
            section = self._section(points, scope.with_(limited=True), depth)
            found.append({"id": section.pop("id"), "title": section.pop("title"), "for": part,
                          **section})
        return found

    def _leaves(self, splits, scope):
        """Items of a sum; points may differ by class, and an item be another for another class."""
        points = [self._alike(split) for split in splits]
        mixed = len(self.classes) > 1 and not scope.limited
        if len(points) > 1 and mixed and self.chance(0.25):
            for name in self.classes:
                shift = self.rng.randint(0, max(0, min(splits[0], splits[1]) // 2))
                points[0][name] -= shift
                points[1][name] += shift
        items = []
        for share in points:
            if mixed and self.chance(0.1):
                items += self._twins(share, scope)
            else:
                items.append(self._item(share, scope))
        if self.chance(0.05):
            items.append(self._item(self._alike(500), scope, since="2025"))
        return items

    def _twins(self, points, scope):
        """The same points by one item for some classes and by another for the rest."""
        cut = self.rng.randint(1, len(self.classes) - 1)
        return [self._item({name: points[name] for name in part}, scope, on_sheet=part)
                for part in (self.classes[:cut], self.classes[cut:])]

    def _item(self, points, scope, on_sheet=None, since=None):
        item = self.items.make(points, scope, on_sheet or ([] if since else None))
        if since:
            item["since"] = since
        elif self.chance(0.03):
            item["until"] = "2024"
        if item.get("evidence"):
            self.evidence[item["id"]] = item["title"]
        return item

    def _section(self, points, scope, depth):
        """A section worth so many hundredths, in one of the ways of the language."""
        rng = self.rng
        raw = {"id": f"s{self.section_count}", "title": f"部分{self.section_count}"}
        self.section_count += 1
        if not scope.limited:
            self.sections.append((raw["id"], points))
        raw["points"] = plain(Fraction(points, 100))
        scope = self._section_policies(raw, scope)
        way = rng.choice(["sum"] * 8 + ["factor", "limit", "limit_factor", "scale", "keep", "share",
                                        "share", "share"])
        if way == "factor":
            raw["factor"] = rng.choice(["50%", "200%"] if points % 2 == 0 else ["50%"])
            self._fill_sum(raw, points * 2 if raw["factor"] == "50%" else points // 2, scope, depth)
        elif way in ("limit", "limit_factor"):
            raw["cap"] = raw.pop("points")
            if way == "limit_factor":
                raw["factor"] = self.items.by_class(lambda: rng.choice(["80%", "70%", "100%"]),
                                                    probability=0.7)
            self._fill_sum(raw, points * 3 // 2 + (0 if points * 3 % 2 == 0 else 1), scope, depth)
        elif way == "scale":
            raw["scale"] = "true"
            self._fill_sum(raw, rng.choice([points * 2, 10000, 64 * 100 + 64]), scope, depth)
        elif way == "keep":
            self._fill_keep(raw, points, scope)
        elif way == "share":
            self._fill_shares(raw, scope, depth)
        else:
            self._fill_sum(raw, points, scope, depth)
            if self.chance(0.25):
                del raw["points"]
        self._section_trimmings(raw, way, scope)
        return raw

    def _section_policies(self, raw, scope):
        rng = self.rng
        if scope.policy and not scope.fixed and self.chance(0.12):
            fixed = scope.missing != "unscored" and self.chance(0.3)
            policy = rng.choice(["full", "zero", {"share": "70%"}] if fixed
                                else ["rescale", "even"])
            raw["not_applicable"] = policy
            scope = scope.with_(policy=policy, fixed=fixed)
        if self.chance(0.06):
            missing = rng.choice(["zero", "none"]
                                 + (["unscored"] if scope.policy and not scope.fixed else []))
            raw["missing"] = missing
            scope = scope.with_(missing=missing)
        if scope.policy and self.chance(0.05):
            raw["when"] = self.items.condition()
            scope = scope.with_(when=True)
        return scope

    def _section_trimmings(self, raw, way, scope):
        if self.chance(0.06):
            raw["complete"] = self.rng.choice(["40%", "60%", "100%"])
        if way == "sum" and scope.may_be_negative and self.chance(0.05):
            raw["floor"] = "none"
        if way == "sum" and self.chance(0.04):
            raw["cap"] = "none"
        if "points" in raw and self.chance(0.1):
            half = plain(Fraction(raw["points"]) / 2)
            raw["grades"] = [{"name": "好", "from": half}, {"name": "差"}]

    def _fill_keep(self, raw, points, scope):
        """Members of equal points of which only some count."""
        count = self.rng.choice([n for n in (3, 4, 5, 2) if points % n == 0] or [1])
        raw["items"] = [self._item(self._alike(points // count), scope) for _ in range(count)]
        if count == 1:
            return
        if self.chance(0.6):
            raw["keep"] = f"best {self.rng.randint(1, count)}"
        else:
            raw["drop"] = "worst 1"

    def _fill_shares(self, raw, scope, depth):
        """Members that count by their share of full marks."""
        rng = self.rng
        combine = raw.setdefault("combine", rng.choice(COMBINES))
        strict = combine in ("geometric", "harmonic")
        if strict:
            scope = scope.with_(may_be_negative=False)
        count = rng.randint(2, 4)
        deeper = 0.5 if depth == 1 else 0.2 if depth < 4 else 0
        inner = sum(self.chance(deeper) for _ in range(count))
        items = [self._share_item(scope) for _ in range(count - inner)]
        sections = [self._section(rng.choice([1000, 2500, 4000]), scope, depth + 1)
                    for _ in range(inner)]
        weighted = combine != "min" and self.chance(0.6)
        for member in items + sections:
            if weighted:
                choices = ["1", "2", "3", "0.5", "10"] + ([] if strict else ["0"])
                member["weight"] = self.items.by_class(lambda: rng.choice(choices))
        if len(items) + len(sections) > 2 and self.chance(0.15):
            raw.update(rng.choice([{"keep": "best 2"}, {"drop": "worst 1"}]))
        if items:
            raw["items"] = items
        if sections:
            raw["sections"] = sections

    def _share_item(self, scope):
        if self.chance(0.3):
            item = self._item(self._alike(100), scope)
            del item["points"]
            return item
        return self._item(self._alike(self.rng.choice([100, 500, 1000, 3000])), scope)

    def _outside(self, name, scope):
        """Bonus or deductions, with the cap they must have."""
        rng = self.rng
        missing = "zero" if scope.missing == "unscored" else scope.missing
        scope = scope.with_(outside=True, missing=missing)
        points = [rng.choice([100, 200, 250, 500]) for _ in range(rng.randint(1, 3))]
        raw = {"cap": plain(Fraction(sum(points) - rng.choice([0, 50]), 100))}
        if self.chance(0.15):
            raw["cap"] = "none"
        raw["items"] = [self._item(self._alike(share), scope) for share in points]
        if self.chance(0.12):
            inner = f"s{name}"
            raw["sections"] = [{"id": inner, "title": inner, "points": "3",
                                "items": [self._item(self._alike(300), scope)]}]
        return raw

    # --- gates, grades, ranking -------------------------------------------------------------------

    def _grades_and_gates(self, raw, total):
        rng = self.rng
        within = rng.choice(["class", "class", "all"])
        names = self._grade_names() if self.chance(0.85) else []
        vetoed = rng.choice(["last", "by_points", "unranked"])
        gates = self._gates(raw, total, names, vetoed)
        if gates:
            raw["gates"] = gates
        if names:
            raw["grades"] = self._grades(names, total, within)
        raw["ranking"] = self._ranking(within)
        if any("at_best" in gate["effect"] for gate in gates) or self.chance(0.2):
            raw["ranking"]["vetoed"] = vetoed

    def _grade_names(self):
        count = self.rng.randint(2, 5)
        return GRADE_NAMES[:count - 1] + GRADE_NAMES[-1:]

    def _shared_items(self):
        """Items inside the total that stand on every class's sheet."""
        return [(name, max(points.values())) for name, points, shared, outside in self.items.made
                if shared and not outside]

    def _point_names(self, raw, total):
        """Names a gate at the end may read, each with a mark."""
        names = [(f"points.{name}", plain(Fraction(points, 200))) for name, points in self.sections]
        names += [(f"points.{name}", plain(Fraction(points, 200)))
                  for name, points in self._shared_items()]
        names += [(f"points.{name}", "1") for name in ("bonus", "deductions") if name in raw]
        return names + [("points.base", plain(Fraction(total, 200))),
                        ("points.total", plain(Fraction(total * 6, 1000)))]

    def _gates(self, raw, total, names, vetoed):
        rng = self.rng
        used, gates = set(), []
        for at in range(rng.choice([0, 1, 2, 3, 4])):
            kind = rng.choice(["cap", "zero", "ceiling"] + (["at_best", "lower"] if names else []))
            if kind in ("zero", "ceiling"):
                gate = self._gate_inside(kind, used)
            else:
                effect = self._final_effect(kind, total, names, vetoed)
                gate = {"when": self._final_condition(raw, total), "effect": {kind: effect}}
            if gate:
                gates.append({"id": f"g{at}", "title": f"否决{at}", **gate})
        return gates

    def _final_effect(self, kind, total, names, vetoed):
        """What a gate on the total or the grade does."""
        if kind == "at_best":
            return names[-1] if vetoed == "unranked" else self.rng.choice(names)
        if kind == "lower":
            return self.items.by_class(lambda: self.rng.choice(["1", "1", "2"]))
        cap = lambda: plain(Fraction(total * self.rng.choice([3, 5, 59, 80]), 10000))
        return self.items.by_class(cap)

    def _final_condition(self, raw, total):
        shared = {name for name, _ in self.sections}
        graded = [section["id"] for section in raw.get("sections", [])
                  if "grades" in section and section["id"] in shared]
        if graded and self.chance(0.5):
            return f'grade.{self.rng.choice(graded)} == "差"'
        return self.items.condition(self._point_names(raw, total))

    def _gate_inside(self, kind, used):
        """A gate on a section or an item that everybody has; it may read its own target."""
        targets = [(name, plain(Fraction(points, 250))) for name, points in self.sections]
        if kind == "ceiling":
            targets += [(name, plain(Fraction(points, 250)))
                        for name, points in self._shared_items()]
        targets = [target for target in targets if target[0] not in used]
        if not targets:
            return None
        name, mark = self.rng.choice(targets)
        used.add(name)
        effect = name
        if kind == "ceiling":
            share = lambda: self.rng.choice(["60%", "50%", "33.33%", "90%"])
            effect = {name: self.items.by_class(share)}
        return {"when": self.items.condition([(f"points.{name}", mark)]), "effect": {kind: effect}}

    def _grades(self, names, total, within):
        rng = self.rng
        bounds = sorted(rng.sample(range(30, 97), len(names) - 1), reverse=True)
        grades = []
        for at, name in enumerate(names[:-1]):
            grade = {"name": name, "from": plain(Fraction(total * bounds[at], 10000))}
            if at == 0 and len(self.classes) > 1 and self.chance(0.15):
                grade["from"] = {each: plain(Fraction(total * (bounds[0] + place), 10000))
                                 for place, each in enumerate(self.classes)}
            needs = [name for name, _ in self.sections + self._shared_items()]
            if needs and self.chance(0.35):
                grade["needs"] = {need: rng.choice(["60%", "50%", "30%", "80%"])
                                  for need in rng.sample(needs, min(len(needs), rng.randint(1, 2)))}
            if self.chance(0.4):
                grade["quota"] = self._quota(within)
            grades.append(grade)
        return grades + [{"name": names[-1]}]

    def _quota(self, within):
        rng = self.rng
        quota = {"per": "all" if within == "all" and self.chance(0.6) else "class"}
        if self.chance(0.6):
            quota = {"share": rng.choice(["20%", "15%", "50%", "33%"]), **quota,
                     "round": rng.choice(["down", "up", "nearest"])}
            if self.chance(0.3):
                quota["at_least"] = "1"
        else:
            count = lambda: rng.choice(["1", "2", "3"])
            quota = {"count": self.items.by_class(count) if quota["per"] == "class" else count(),
                     **quota}
        quota["at_cut"] = rng.choice(["all_in", "all_out"])
        return quota

    def _ranking(self, within):
        rng = self.rng
        ranking = {"within": within, "ties": rng.choice(["shared", "dense"])}
        if self.chance(0.3):
            ranking["on"] = rng.choice(["total", "exact"])
        if self.chance(0.1):
            ranking["better"] = rng.choice(["high", "low"])
        if self.chance(0.4):
            names = [f"points.{name}" for name, _ in self.sections]
            fields = [field for field in self.items.fields
                      if field.kind in ("count", "number", "percent", "yesno")]
            for field in rng.sample(fields, min(2, len(fields))):
                field.bounds = False
                names.append(field.id)
            picked = rng.sample(names, min(len(names), 2))
            ranking["break"] = [rng.choice(["", "", "-"]) + name for name in picked]
        return ranking

    # --- data and files ---------------------------------------------------------------------------

    def write(self, folder):
        """Writes rubric and data; the paths, the rubric's first."""
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/rubric.yaml", "w", encoding="utf-8") as out:
            out.write(to_yaml(self.raw))
        fields = self.items.conditions + self.items.fields
        cells = Cells(self.rng, "not_applicable" in self.raw)
        units = draw_units(self.rng, cells, fields, self.classes)
        if self.items.reads_children:
            draw_parents(self.rng, units, self.classes, self.items.places)
        for unit in units:
            unit["evidence"] = {item: self.rng.choice(["会议纪要1", "台账", "台账", ""])
                                for item in self.evidence}
        writer = Writer(self.rng, folder, fields, self.evidence, self.class_heading, self.ignored)
        names = writer.write(units)
        if self.items.reads_previous:
            before = Writer(self.rng, folder, fields, self.evidence, self.class_heading,
                            self.rng.choice([self.ignored, "不再使用"]), "previous-")
            names += before.write(draw_before(self.rng, cells, fields, units))
        return ([f"{folder}/rubric.yaml"] + [f"{folder}/{name}" for name in names]
                + write_waivers(self, units, folder))


# --- YAML -----------------------------------------------------------------------------------------

_BARE = re.compile(r"[\w.%-]+(?: [\w.%<>=~-]+)*\Z")
_NEGATIVE = re.compile(r"-\d+(\.\d+)?\Z")
_BLOCKS = {"fields", "sections", "items", "bonus", "deductions", "gates", "grades"}


def to_yaml(raw, indent=0):
    """The rubric as a person lays it out: members in blocks, small things in braces."""
    pad, lines = " " * indent, []
    for key, value in raw.items():
        if key == "fields" and isinstance(value, dict):
            lines.append(f"{pad}fields:")
            lines += [f"{pad}  {name}: {_flow(entry)}" for name, entry in value.items()]
        elif key in _BLOCKS and isinstance(value, dict):
            lines += [f"{pad}{key}:", to_yaml(value, indent + 2).rstrip("\n")]
        elif key in _BLOCKS and isinstance(value[0], dict):
            lines.append(f"{pad}{key}:")
            for member in value:
                body = to_yaml(member, indent + 4).rstrip("\n")
                lines.append(f"{pad}  - {body.lstrip()}")
        else:
            lines.append(f"{pad}{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    bare = _BARE.match(value) and not value.startswith(("-", "%"))
    return value if bare or _NEGATIVE.match(value) else json.dumps(value, ensure_ascii=False)


def generate(seed, folder):
    """Writes the rubric and data of a seed; returns their paths, the rubric's first."""
    return Rubric(seed).write(folder)


def main(arguments):
    if len(arguments) != 2 or not arguments[0].isdigit():
        print("usage: python3 generate.py SEED OUTDIR", file=sys.stderr)
        return 2
    print("\n".join(generate(int(arguments[0]), arguments[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
