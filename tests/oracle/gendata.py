"""Random unit data for a generated rubric: the half of generate.py that types cells.

A Field remembers what the rubric does with it: the figures at which a rule turns (`marks`), so that
data lie exactly on bounds again and again, and which states its cells may take without breaking a
rule of the language.
"""

import csv
from datetime import timedelta
from fractions import Fraction
import io
import json

from exact import plain

FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
YES, NO = ["是", "有", "√", "yes", "1"], ["否", "无", "×", "no", "0"]
CLAIMS = ["不适用", "不适用(无此项工作)", "不适用（无网站）", "n/a"]


class Field:
    """An entry of the data dictionary and how its cells may be filled."""

    def __init__(self, name, kind, label, unit=None, alias=None, by=None, options=None):
        self.id, self.kind, self.label = name, kind, label
        self.unit, self.alias, self.by, self.options = unit, alias, by, options
        self.marks = []                  # Fractions or dates at which a rule turns
        self.low, self.high = Fraction(0), Fraction(20)
        self.grain = Fraction(1)
        self.claims = True               # 不适用 may be claimed
        self.unclear = True              # placeholders, plans, 约60
        self.bounds = True               # 60余, ≤3
        self.tails = True                # may have more decimal places than are kept
        self.compared = False            # the units of a class are compared by it
        self.divides = False             # the b of an `of: [a, b]`
        self.blanks = True               # may be left empty
        self.texts = None                # for text fields

    def entry(self):
        """The field in the rubric."""
        found = {"type": self.kind, "label": self.label}
        for key, value in (("unit", self.unit), ("by", self.by), ("options", self.options)):
            if value:
                found[key] = value
        if self.alias:
            found["alias"] = [self.alias]
        return found

    def turn_at(self, *marks):
        self.marks += marks
        return self


class Cells:
    """Draws the cells of units."""

    def __init__(self, rng, allow_claims):
        self.rng = rng
        self.allow_claims = allow_claims

    def row(self, fields, mood):
        return {field.id: self.cell(field, mood) for field in fields}

    def cell(self, field, mood):
        rng = self.rng
        if not field.blanks:
            return self.exact(field)
        if mood == "silent":
            return ""
        if mood == "inapplicable":
            return self._claim(field) or self.exact(field)
        chance = rng.random()
        if chance < (0.45 if mood == "sparse" else 0.08):
            return self._unreported(field)
        if mood != "full" and chance > 0.93:
            return self._claim(field) or self.exact(field)
        if field.bounds and field.kind in ("count", "number", "percent") and rng.random() < 0.08:
            return self._one_sided(field)
        return self.exact(field)

    def _claim(self, field):
        if self.allow_claims and field.claims and field.by != "assessor":
            return self.rng.choice(CLAIMS)
        return None

    def _unreported(self, field):
        if not field.unclear or self.rng.random() < 0.6:
            return ""
        if field.kind in ("count", "number", "percent"):
            words = ["XX", "*", "约60", "60左右", "近千余", "计划"]
            return self.rng.choice(words + ([f"X{field.unit}"] if field.unit else []))
        return self.rng.choice(["计划", "planned"]) if field.kind in ("yesno", "date") else ""

    def _one_sided(self, field):
        number = plain(self.draw(field))
        if number.startswith("-"):
            return number
        unit = field.unit or "" if self.rng.random() < 0.3 else ""
        return self.rng.choice([f"{number}余{unit}", f"{number}多", f"≥{number}{unit}",
                                f"近{number}{unit}", f"≤{number}"])

    def exact(self, field):
        return getattr(self, "_exact_" + field.kind)(field)

    # --- exact values as people write them --------------------------------------------------------

    def draw(self, field):
        """A number for the field; often on a mark or just beside it."""
        rng = self.rng
        chance = rng.random()
        if field.marks and chance < 0.4:
            value = rng.choice(field.marks)
        elif field.marks and chance < 0.55:
            value = rng.choice(field.marks) + rng.choice([-1, 1]) * field.grain
        else:
            steps = int((field.high - field.low) / field.grain)
            value = field.low + field.grain * rng.randint(0, steps)
        value = max(field.low, min(field.high, value))
        return Fraction(int(value)) if field.kind == "count" else value

    def _exact_count(self, field):
        value = self.draw(field)
        if value == 0 and self.rng.random() < 0.3:
            return self.rng.choice(["无", "none"])
        return self._dressed(plain(value), value, field)

    def _exact_number(self, field):
        value = self.draw(field)
        text = plain(value)
        if self.rng.random() < 0.03 and "." in text and len(text.split(".")[1]) < 3 and field.tails:
            return text + "0" * (8 - len(text.split(".")[1])) + self.rng.choice(["4", "5", "51"])
        return self._dressed(text, value, field)

    def _exact_percent(self, field):
        text = plain(self.draw(field)) + self.rng.choice(["", "%"])
        return text.translate(FULL_WIDTH) if self.rng.random() < 0.05 else text

    def _dressed(self, text, value, field):
        rng = self.rng
        chance = rng.random()
        if value >= 10000 and value % 100 == 0 and chance < 0.5:
            text = plain(value / 10000) + "万"
        elif value >= 1000 and value % 1000 == 0 and chance < 0.7:
            text = plain(value / 1000) + "千"
        elif value >= 1000 and value.denominator == 1 and chance < 0.85:
            text = f"{int(value):,}"
        elif chance < 0.06:
            text = text.translate(FULL_WIDTH)
        if field.unit and rng.random() < 0.1:
            text += field.unit
        return f" {text} " if rng.random() < 0.02 else text

    def _exact_yesno(self, field):
        return self.rng.choice(YES if self.rng.random() < 0.65 else NO)

    def _exact_choice(self, field):
        return self.rng.choice(field.options)

    def _exact_text(self, field):
        return self.rng.choice(field.texts)

    def _exact_list(self, field):
        parts = [plain(self.draw(field)) for _ in range(self.rng.randint(1, 8))]
        return self.rng.choice([";", "；", "、"]).join(parts)

    def _exact_date(self, field):
        rng = self.rng
        if rng.random() < 0.06:
            return "无"
        late = rng.choice([-9, -1, 0, 0, 1, 1, 2, 3, 7, 13, 14, 15, 29, 30, 31, 60])
        day = rng.choice(field.marks) + timedelta(days=late)
        return rng.choice([f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}",
                           f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d} 08:30"])


# --- units ----------------------------------------------------------------------------------------

MOODS = ["usual"] * 9 + ["full"] * 4 + ["sparse"] * 2 + ["silent", "inapplicable"]


def draw_units(rng, cells, fields, classes):
    """[{id, name, class, values}]; some repeat another's values, so that there are ties."""
    prefix = rng.choice(["u", "zf-", "竹峰", "U_"])
    units = []
    for at in range(rng.randint(5, rng.choice([8, 14, 22, 40]))):
        values = cells.row(fields, rng.choice(MOODS))
        if units and rng.random() < 0.15:
            values = dict(rng.choice(units)["values"])
        units.append({"id": f"{prefix}{at:02}", "name": f"单位{at}", "class": rng.choice(classes),
                      "values": values})
    _settle_comparisons(units, cells, fields)
    rng.shuffle(units)
    return units


def _settle_comparisons(units, cells, fields):
    """The first unit of a class reports exactly, so that nobody is compared with nothing."""
    settled = set()
    for unit in units:
        if unit["class"] not in settled:
            settled.add(unit["class"])
            for field in fields:
                if field.compared:
                    unit["values"][field.id] = "7" if field.divides else cells.exact(field)


def draw_parents(rng, units, classes, by_class):
    """Superiors of most of them: of a class further up where places are counted, else anyone who
    does not stand below."""
    order = list(units)
    rng.shuffle(order)
    for at, unit in enumerate(order):
        above = [other for other in order if classes.index(other["class"])
                 < classes.index(unit["class"])] if by_class else order[:at]
        if above and rng.random() < 0.8:
            unit["parent"] = rng.choice(above)["id"]


def draw_before(rng, cells, fields, units):
    """What most of the units had in the previous period, often what they have now; and units that
    are gone, with whatever stands there."""
    found = []
    for unit in units:
        if rng.random() < 0.15:
            continue
        values = cells.row(fields, rng.choice(MOODS))
        for field in fields:
            if rng.random() < 0.25:
                values[field.id] = unit["values"][field.id]
        found.append({**unit, "name": unit["name"] + rng.choice(["", "", "(原)"]),
                      "values": values})
    gone = {"id": "gone", "name": "撤并单位", "class": units[0]["class"],
            "values": {field.id: rng.choice(["?", "很多", ""]) for field in fields},
            "evidence": {item: "" for item in units[0]["evidence"]}}
    found.insert(rng.randint(0, len(found)), gone)
    return found


# --- files ----------------------------------------------------------------------------------------

class Writer:
    """Writes units as one or two files, in a random format, heading style and encoding."""

    def __init__(self, rng, folder, fields, evidence, class_heading, ignored, stem=""):
        self.rng = rng
        self.folder = folder
        self.fields = fields
        self.evidence = evidence          # {item id: title} of the items that ask for evidence
        self.class_heading = class_heading
        self.ignored = ignored            # a column that the rubric passes over, or None
        self.stem = stem                  # what the files' names begin with

    def write(self, units):
        """The names of the files written."""
        chance = self.rng.random()
        if chance < 0.7:
            return [self._csv(units, self.fields)]
        if chance < 0.88:
            return [self._tree(units, self.fields, self.rng.choice(["yaml", "json"]))]
        half = len(self.fields) // 2
        return [self._csv(units, self.fields[:half]),
                self._tree(units, self.fields[half:], self.rng.choice(["yaml", "json"]))]

    def _csv(self, units, fields):
        rng = self.rng
        has_class = any(unit["class"] for unit in units)
        header = [self.ignored] if self.ignored else []
        header += [rng.choice(["id", "编号"]), rng.choice(["name", "名称"])]
        header += [self.class_heading] if has_class else []
        has_parent = any("parent" in unit for unit in units)
        header += [rng.choice(["parent", "上级"])] if has_parent else []
        header += [rng.choice([field.id, field.label, field.alias or field.id]) for field in fields]
        header += [rng.choice([f"evidence.{item}", f"佐证:{title}"])
                   for item, title in self.evidence.items()]
        out = io.StringIO()
        rows = csv.writer(out, lineterminator=rng.choice(["\n", "\r\n"]))
        rows.writerow(header)
        for at, unit in enumerate(units, 1):
            rows.writerow([*([at] if self.ignored else []), unit["id"], unit["name"],
                           *([unit["class"]] if has_class else []),
                           *([unit.get("parent", "")] if has_parent else []),
                           *(unit["values"][field.id] for field in fields),
                           *(unit["evidence"].get(item, "") for item in self.evidence)])
        encoding = rng.choice(["utf-8"] * 12 + ["utf-8-sig"] * 4 + ["gb18030", "utf-16"])
        return self._save("units.csv", out.getvalue(), encoding)

    def _tree(self, units, fields, kind):
        entries = []
        for unit in units:
            entry = {key: unit[key] for key in ("id", "name", "class", "parent")
                     if unit.get(key)}
            entry["values"] = {field.id: unit["values"][field.id] for field in fields
                               if unit["values"][field.id]}
            evidence = {item: [reference] for item, reference in unit["evidence"].items()
                        if reference}
            if evidence:
                entry["evidence"] = evidence
            entries.append(entry)
        if kind == "json":
            text = json.dumps({"units": entries}, ensure_ascii=False, indent=1)
            return self._save("more.json", text, "utf-8")
        lines = ["units:"] + ["  - " + json.dumps(entry, ensure_ascii=False) for entry in entries]
        return self._save("more.yaml", "\n".join(lines) + "\n", "utf-8")

    def _save(self, name, text, encoding):
        name = self.stem + name
        with open(f"{self.folder}/{name}", "w", encoding=encoding, newline="") as out:
            out.write(text)
        return name
