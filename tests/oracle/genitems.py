"""Random items for a generated rubric, one maker for each built-in method: the middle of
generate.py.

A maker gets the item's points and writes the method's own keys, with every number now and then by
class. It tells the fields what it needs of them (gendata.py), above all the figures at which its
rule turns.

Points are counted in hundredths here and held by class: {class: int}.
"""

from datetime import date
from fractions import Fraction

from exact import plain
from gendata import Field


class Scope:
    """What an item inherits from where it stands, as far as generating must know it."""

    def __init__(self, policy=None, missing="zero", when=False, outside=False, fixed=False,
                 may_be_negative=True, limited=False):
        self.policy = policy                    # the not_applicable policy that reaches here
        self.missing = missing
        self.when = when
        self.outside = outside                  # in bonus or deductions
        self.fixed = fixed                      # by its policy nothing leaves: full, zero or share
        self.may_be_negative = may_be_negative  # no geometric or harmonic mean above
        self.limited = limited                  # in a section that is only `for` some classes

    def with_(self, **changes):
        inner = Scope(**vars(self))
        for key, value in changes.items():
            setattr(inner, key, value)
        return inner


class Items:
    """Makes items and the fields they read."""

    def __init__(self, rng, classes):
        self.rng = rng
        self.classes = classes                  # [None] where the rubric names none
        self.fields = []
        self.conditions = []                    # fields that conditions read
        self.made = []                          # (id, points by class, for all classes?, outside?)
        self.count = 0
        self.reads_previous = False
        self.reads_children = False
        self.places = False                     # some item counts places: classes are levels

    # --- small tools ------------------------------------------------------------------------------

    def chance(self, probability):
        return self.rng.random() < probability

    def by_class(self, draw, classes=None, probability=0.15):
        """A number from draw(), or a map of one for each class."""
        classes = classes or self.classes
        if len(classes) < 2 or not self.chance(probability):
            return draw()
        return {name: draw() for name in classes}

    @staticmethod
    def map_points(points):
        """Points held by class as the rubric writes them."""
        texts = {name: plain(Fraction(value, 100)) for name, value in points.items()}
        return next(iter(texts.values())) if len(set(texts.values())) == 1 else texts

    def part(self, points, share):
        """A part of the points, never more than all, never nothing."""
        return {name: max(1, min(value, int(value * share))) for name, value in points.items()}

    def text_part(self, points, low=0.05, high=0.4):
        """A plain number somewhere within low..high of the smallest of the points."""
        value = max(1, int(min(points.values()) * self.rng.uniform(low, high)))
        grain = self.rng.choice([1, 10, 50])
        return plain(Fraction(value // grain * grain or value, 100))

    def split(self, total, parts):
        """Whole hundredths that add up to total."""
        fits = (grain for grain in (100, 50, 25, 10)
                if total % grain == 0 and total // grain >= 2 * parts)
        grain = next(fits, 1)
        cuts = sorted(self.rng.sample(range(1, total // grain), parts - 1))
        return [(b - a) * grain for a, b in zip([0] + cuts, cuts + [total // grain])]

    # --- fields -----------------------------------------------------------------------------------

    def field(self, kind, scope, **keys):
        """A field for an item in this scope; a simple one is sometimes shared with another item."""
        rng = self.rng
        simple = kind in ("yesno", "count") and not keys
        reuse = [field for field in self.fields if simple and field.kind == kind
                 and not (field.divides or field.by or field.compared) and field.high == 20]
        if reuse and self.chance(0.1):
            field = rng.choice(reuse)
        else:
            name = f"f{len(self.fields)}"
            unit = rng.choice([None, "次", "份", "篇"]) if kind == "count" else None
            alias = f"别名{name}" if self.chance(0.2) else None
            field = Field(name, kind, f"字段{name}", unit, alias, **keys)
            self.fields.append(field)
        if scope.policy is None:
            field.claims = False
        if scope.missing == "none":
            field.unclear = field.bounds = False
        return field

    def numeric(self, scope, kinds=("count", "number", "percent")):
        """A field of numbers with a span of its own."""
        rng = self.rng
        field = self.field(rng.choice(kinds), scope)
        if field.kind == "percent":
            field.high = Fraction(rng.choice([100, 100, 110]))
            field.grain = Fraction(rng.choice(["1", "0.5", "0.01"]))
        elif field.kind == "number":
            field.low, field.high, field.grain = rng.choice(
                [(Fraction(0), Fraction(50), Fraction("0.1")),
                 (Fraction(-20), Fraction(60), Fraction("0.25")),
                 (Fraction(0), Fraction(20000), Fraction(100))])
        return field

    def measure(self, scope, keys, kinds=("count", "number", "percent")):
        """Writes `field` or `of` into keys and returns the field whose marks count."""
        if scope.policy and self.chance(0.2):
            part = whole = self.field("count", scope)
            while whole is part:
                whole = self.field("count", scope)
            part.high = whole.high = Fraction(12)
            part.turn_at(Fraction(0))
            whole.turn_at(Fraction(0)).divides = True
            keys["of"] = [part.id, whole.id]
            pretend = Field("of", "percent", "of")
            pretend.high = Fraction(100)
            return pretend, [part, whole]
        field = self.numeric(scope, kinds)
        keys["field"] = field.id
        return field, [field]

    def point_within(self, field):
        """A figure inside the field's span, on its grain; remembered as a mark."""
        steps = int((field.high - field.low) / field.grain)
        grain = field.grain
        value = field.low + grain * self.rng.randint(max(1, steps // 5), max(1, steps * 9 // 10))
        field.turn_at(value)
        return value

    def written(self, value, field):
        """A figure of the field as the rubric writes it."""
        return plain(value) + ("%" if field.kind == "percent" and self.chance(0.6) else "")

    def figure(self, field, classes=None, probability=0.15):
        return self.by_class(lambda: self.written(self.point_within(field), field), classes,
                             probability)

    def nothing(self, spec, draw):
        """Sometimes nothing_at or nothing_past."""
        if self.chance(0.3):
            spec[self.rng.choice(["nothing_at", "nothing_past"])] = draw()

    # --- conditions -------------------------------------------------------------------------------

    def condition(self, names=()):
        """A condition over the condition fields and over points, names being [(name, a mark)]."""
        atom = lambda: self._atom(names)
        chance = self.rng.random()
        if chance < 0.6:
            return atom()
        if chance < 0.72:
            return f"{atom()} and {atom()}"
        if chance < 0.84:
            return f"{atom()} or {atom()}"
        return self.rng.choice([f"{atom()} and {atom()} or {atom()}",
                                f"{atom()} or {atom()} and {atom()}",
                                f"({atom()} or {atom()}) and {atom()}"])

    def _atom(self, names):
        sign = self.rng.choice(["<", "<=", ">", ">=", "==", "~="])
        if self.chance(0.1):
            return self._atom_of_children(sign)
        if names and self.chance(0.5):
            name, mark = self.rng.choice(names)
            return f"{name} {self.rng.choice(['<', '<=', '>', '>='])} {mark}"
        field = self.rng.choice(self.conditions)
        name = field.id
        if self.chance(0.15):
            name, self.reads_previous = f"previous.{name}", True
        if field.kind == "yesno":
            return name if self.chance(0.6) else f"not {name}"
        if field.kind == "choice":
            return f'{name} {self.rng.choice(["==", "~="])} "{self.rng.choice(field.options)}"'
        return f"{name} {sign} {plain(self.rng.choice(field.marks))}"

    def _atom_of_children(self, sign):
        self.reads_children = True
        if self.chance(0.4):
            return f"children.count {sign} {self.rng.randint(0, 3)}"
        figure = self.rng.choice(["mean", "min", "worst", "max", "best", "sum", "count"])
        mark = "2" if figure == "count" else self.rng.choice(["10", "40", "60"])
        return f"children.{figure}.{self.of_children()} {sign} {mark}"

    def of_children(self):
        """What of subordinate units may be read: whatever is in the total."""
        names = [name for name, _, _, outside in self.made if not outside]
        return self.rng.choice(names) if names and self.chance(0.5) else "total"

    def make_condition_fields(self):
        """A small pool that gates and `when` read; nobody claims 不适用 in them."""
        for kind in ["yesno", "yesno", "count", self.rng.choice(["number", "choice", "percent"])]:
            keys = {"options": ["甲", "乙", "丙"]} if kind == "choice" else {}
            field = Field(f"c{len(self.conditions)}", kind, f"条件{len(self.conditions)}", **keys)
            field.claims = False
            field.turn_at(Fraction(0), Fraction(3), Fraction(10))
            self.conditions.append(field)

    # --- an item ----------------------------------------------------------------------------------

    def make(self, points, scope, on_sheet=None):
        """An item worth these points; on_sheet lists the classes it is `for`, None for all."""
        self.count += 1
        item = {"id": f"i{self.count}", "title": f"指标{self.count}"}
        if on_sheet:
            item["for"] = list(on_sheet)
        item["points"] = self.map_points(points)
        scope = self._own_policies(item, scope)
        makers = [maker for maker in MAKERS if not (scope.outside and maker in _NOT_OUTSIDE)
                  and not (scope.policy is None and maker in _CAN_LEAVE)]
        maker = self.rng.choice(makers)
        item["method"] = maker.__name__[1:]
        maker(self, item, points, scope)
        self._trimmings(item, scope)
        self.made.append((item["id"], points, on_sheet is None and not scope.limited,
                          scope.outside))
        return item

    def _own_policies(self, item, scope):
        rng = self.rng
        if scope.policy and not scope.fixed and not scope.outside and self.chance(0.12):
            item["not_applicable"] = rng.choice(["rescale", "even", "full", "zero",
                                                 {"share": "80%"}])
        if self.chance(0.12) and not scope.outside:
            leaving = ["unscored"] if scope.policy and not scope.fixed else []
            scope = scope.with_(missing=rng.choice(["zero", "none", "none"] + leaving))
            item["missing"] = scope.missing
        if scope.policy and self.chance(0.1):
            scope = scope.with_(when=True)
            item["when"] = self.condition(self._points_before(scope))
        if scope.when and scope.missing == "none":
            scope = self.state_missing(item, scope)
        return scope

    def _points_before(self, scope):
        """Points that stand before this item in the order of calculation, each with a mark."""
        if scope.outside:
            return [("points.base", plain(Fraction(self.rng.randint(40, 90))))]
        if self.chance(0.7):
            return ()
        return [(f"points.{name}", plain(Fraction(max(points.values()), 200)))
                for name, points, shared, outside in self.made if shared and not outside]

    @staticmethod
    def state_missing(item, scope):
        """Writes the plain policy where what is inherited would leave a choice open."""
        item["missing"] = "zero"
        return scope.with_(missing="zero")

    def _trimmings(self, item, scope):
        negative = item["method"] in ("each", "short", "gap", "change", "children") and scope.may_be_negative
        if negative and self.chance(0.06):
            item["floor"] = "none"
        if item["method"] in ("each", "ratio", "change") and self.chance(0.08):
            item["cap"] = "none"
        if "floor" not in item and self.chance(0.06):
            item["evidence"] = "required"


# --- one maker a method; the name after the underscore is the method's ----------------------------

def _yesno(make, item, points, scope):
    item["field"] = make.field("yesno", scope).id


def _checklist(make, item, points, scope):
    count = make.rng.randint(2, 5)
    names = list(dict.fromkeys(make.field("yesno", scope).id for _ in range(count)))
    style = make.rng.choice(["weighted", "alike", "lose", "all"])
    if style == "weighted" and min(points.values()) >= len(names):
        splits = {name: make.split(value, len(names)) for name, value in points.items()}
        item["parts"] = {part: make.map_points({name: split[at] for name, split in splits.items()})
                         for at, part in enumerate(names)}
        return
    item["parts"] = names
    if style == "lose":
        item["lose"] = make.by_class(lambda: make.text_part(points, 0.1, 0.6))
    elif style == "all":
        item["all"] = "true"


def _ladder(make, item, points, scope):
    count = make.rng.randint(2, 4)
    item["levels"] = []
    for at in range(1, count + 1):
        names = {make.field("yesno", scope).id for _ in range(make.rng.randint(1, 2))}
        for field in make.fields:
            if field.id in names:
                field.claims = False
        item["levels"].append({"name": f"第{at}级", "needs": sorted(names),
                               "points": make.map_points(make.part(points, at / count))})


def _choice(make, item, points, scope):
    options = make.rng.choice([["优", "良", "中", "差"], ["甲", "乙", "丙"], ["有", "部分", "无"],
                               ["A", "B"]])
    item["field"] = make.field("choice", scope, options=options).id
    shares = sorted((make.rng.choice([1, 0.8, 0.6, 0.5, 0.25]) for _ in options), reverse=True)
    item["scores"] = {option: make.map_points(make.part(points, share))
                      for option, share in zip(options, shares)}
    item["scores"][options[-1]] = "0"
    if scope.policy and make.chance(0.3):
        item["scores"][options[1]] = "not_applicable"
    if scope.missing == "none":
        make.state_missing(item, scope)


def _judged(make, item, points, scope):
    by = "assessor" if make.chance(0.7) else None
    field = make.field("number", scope, by=by)
    most = Fraction(min(points.values()), 100)
    field.high, field.grain, field.bounds = most, most / make.rng.choice([1, 2, 5, 10]), False
    field.claims = field.tails = False
    item.update({"field": field.id, "as": make.rng.choice(["points", "loss"])})
    if by and "missing" not in item:
        item["missing"] = make.rng.choice(["zero", "none"])
        if scope.when or scope.outside:
            item["missing"] = "zero"
    if item.get("missing") == "none":
        field.unclear = False
    if make.chance(0.3):
        reason = make.field("text", scope)
        reason.texts, reason.blanks = ["材料不全", "扣分原因见记录"], False
        item["reason"] = reason.id


def _each(make, item, points, scope):
    if make.chance(0.25):
        events = list(dict.fromkeys(make.field("count", scope).id
                                    for _ in range(make.rng.randint(2, 3))))
        item["events"] = {name: make.text_part(points) for name in events}
        if make.chance(0.4):
            item["most"] = make.text_part(points, 0.4, 0.9)
        return
    field, _ = make.measure(scope, item, ("count", "count", "number"))
    field.low = max(field.low, Fraction(0))
    field.turn_at(Fraction(0), Fraction(1), Fraction(2))
    item[make.rng.choice(["earn", "lose"])] = make.by_class(lambda: make.text_part(points))
    if make.chance(0.25):
        item["then"] = make.text_part(points)
    if make.chance(0.25):
        item["most"] = make.text_part(points, 0.3, 0.9)
    make.nothing(item, lambda: make.figure(field))


def _short(make, item, points, scope):
    if make.chance(0.25):
        fields = [make.field("count", scope) for _ in range(3)]
        fields = list({field.id: field for field in fields}.values())
        item["fields"] = [field.id for field in fields]
        for field in fields:
            field.turn_at(Fraction(6))
        item["need"] = "6"
    else:
        field, _ = make.measure(scope, item)
        item["need"] = make.figure(field, probability=0.3)
        make.nothing(item, lambda: make.figure(field))
    item["lose"] = make.by_class(lambda: make.text_part(points, 0.02, 0.4))


def _ratio(make, item, points, scope):
    field, _ = make.measure(scope, item)
    item["target"] = make.figure(field)
    while _lowest(item["target"]) <= 0:
        item["target"] = make.figure(field)
    make.nothing(item, lambda: make.figure(field))


def _lowest(figure):
    texts = figure.values() if isinstance(figure, dict) else [figure]
    return min(Fraction(text.rstrip("%")) for text in texts)


def _gap(make, item, points, scope):
    rng = make.rng
    low = make.chance(0.4)
    rule = {"better": "low"} if low else {"better": "high"} if make.chance(0.3) else {}
    step = rng.choice(["1", "2", "0.5", "5", "10"])
    per = lambda field: step + ("%" if field.kind == "percent" else "")
    lose = lambda field: f"{make.text_part(points, 0.02, 0.3)} per {per(field)}"
    style = rng.choice(["target", "target", "rates", "mean"])
    partial = rng.choice(["down", "up", "exact"])
    if style == "mean" and scope.missing == "none":
        scope = make.state_missing(item, scope)
    field, real = make.measure(scope, item)
    if style == "mean":
        for one in real:
            one.compared = True
        rule.update({"target": "class mean", "lose": lose(field)})
    elif style == "target":
        rule.update({"target": make.figure(field), "lose": lose(field)})
    else:
        rule.update(_rates(make, field, low, lose, Fraction(step)))
    rule["partial_step"] = partial
    item.update(rule)
    make.nothing(item, lambda: make.figure(field))


def _rates(make, field, low, lose, step):
    """Two or three rates; a stretch is whole steps, so that cutting to steps has one meaning."""
    limit = make.point_within(field)
    rates = []
    for _ in range(make.rng.randint(2, 3)):
        if field.low <= limit <= field.high:
            field.turn_at(limit)
            rates.append({"above" if low else "below": make.written(limit, field),
                          "lose": lose(field)})
        limit += make.rng.randint(1, 4) * step * (1 if low else -1)
    if len(rates) == 1:
        return {"target": next(iter(rates[0].values())), "lose": rates[0]["lose"]}
    return {"rates": rates, "mode": make.rng.choice(["marginal", "all"])}


def _tiers(make, item, points, scope):
    field, _ = make.measure(scope, item)
    bounds = sorted({make.point_within(field) for _ in range(make.rng.randint(1, 4))})
    rising = make.chance(0.6)
    shares = sorted((make.rng.choice([1, 0.9, 0.75, 0.5, 0.3]) for _ in bounds), reverse=True)
    item["tiers"] = [{"from" if rising else "to": make.written(bound, field),
                      "points": make.map_points(make.part(points, share))}
                     for bound, share in zip(reversed(bounds) if rising else bounds, shares)]


def _linear(make, item, points, scope):
    field, _ = make.measure(scope, item)
    start, end = make.point_within(field), make.point_within(field)
    if start == end:
        end += field.grain
    item.update({"from": make.written(start, field), "to": make.written(end, field)})


def _late(make, item, points, scope):
    rng = make.rng
    field = make.field("date", scope)
    days = [date(2024, month, day) for month in (1, 3, 8, 12) for day in (14, 15, 30, 31)]
    item["field"], item["due"] = field.id, make.by_class(lambda: rng.choice(days).isoformat())
    dues = item["due"].values() if isinstance(item["due"], dict) else [item["due"]]
    field.marks = [date.fromisoformat(due) for due in dues]
    unit = rng.choice(["day", "day", "week", "month"])
    item["lose"] = f"{make.text_part(points, 0.05, 0.4)} per {unit}"
    if unit != "day":
        item["partial_step"] = rng.choice(["down", "up", "exact"])
    if make.chance(0.4):
        item[rng.choice(["nothing_at", "nothing_past"])] = f"{rng.choice([2, 3, 14, 15, 30])} days"


def _rating(make, item, points, scope):
    rng = make.rng
    if scope.missing == "none":
        scope = make.state_missing(item, scope)
    fields = [make.field("list" if make.chance(0.2) else "number", scope, by="assessor")]
    if fields[0].kind == "list":
        item["field"] = fields[0].id
    else:
        fields += [make.field("number", scope, by="assessor") for _ in range(rng.randint(2, 6))]
        item["fields"] = [field.id for field in fields]
    out_of = rng.choice([5, 10, 100])
    for field in fields:
        field.high, field.claims, field.bounds, field.tails = Fraction(out_of), False, False, False
    item.update({"out_of": str(out_of), "blank": rng.choice(["skip", "zero"])})
    if fields[0].kind == "list":
        item["blank"] = "skip"
    if make.chance(0.5):
        item["drop"] = {"ends": "1", "when_over": rng.choice(["3", "4", "5"])}
    if make.chance(0.4):
        item["at_least"] = "2"
    item.setdefault("missing", "zero")


def _comparing(make, item, scope):
    """The keys that best and rank share; an empty cell is never a figure to compare with."""
    if scope.missing == "none":
        scope = make.state_missing(item, scope)
    field, real = make.measure(scope, item)
    for one in real:
        one.compared = True
        one.low = max(one.low, Fraction(0))
    item["better"] = make.rng.choice(["high", "high", "low"])


def _best(make, item, points, scope):
    _comparing(make, item, scope)
    item["from"] = make.rng.choice(["zero", "worst"])


def _rank(make, item, points, scope):
    rng = make.rng
    _comparing(make, item, scope)
    style = rng.choice(["step", "share", "last", "tiers"])
    if style == "tiers":
        tops = rng.choice([["1", "3"], ["20%", "50%"], ["1", "40%"], ["2"]])
        item["tiers"] = [{"top": top, "points": make.map_points(make.part(points, share))}
                         for top, share in zip(tops, (1, 0.6))]
        return
    if style == "share":
        item["step"] = rng.choice(["2%", "10%", "12.5%"])
        return
    if make.chance(0.3):
        item["first"] = make.map_points(make.part(points, 0.9))
    item["step" if style == "step" else "last"] = make.text_part(points, 0.05, 0.4)


def _change(make, item, points, scope):
    rng = make.rng
    field, _ = make.measure(scope, item)
    item["as"] = rng.choice(["difference", "percent"])
    item["same"] = make.map_points(make.part(points, rng.choice([0.5, 0.75, 1])))
    percent = item["as"] == "percent" or field.kind == "percent"
    ups, downs = rng.choice([("", "-"), ("", "-"), ("-", ""), ("-", "-"), ("", "")])

    def rate(sign):
        step = rng.choice(["1", "5", "10", "2.5", "0.5"]) + ("%" if percent else "")
        return f"{sign}{make.text_part(points, 0.01, 0.2)} per {step}"

    item["up"], item["down"] = (make.by_class(lambda: rate(sign)) for sign in (ups, downs))
    item["partial_step"] = rng.choice(["down", "up", "exact"])
    make.reads_previous = True


def _children(make, item, points, scope):
    rng = make.rng
    make.reads_children = True
    if len(make.classes) > 1 and make.chance(0.4):
        item["class"] = rng.choice(make.classes)
    if len(make.classes) > 1 and make.chance(0.4):
        make.places = True
        item["last"] = make.by_class(lambda: rng.choice(["1", "2", "3"]))
        item["lose"] = make.text_part(points, 0.05, 0.6)
        return
    item["of"] = make.of_children()
    if not scope.outside and make.chance(0.1):
        item["of"] = item["id"]
    item["take"] = rng.choice(["mean", "min"])


MAKERS = [_yesno, _checklist, _ladder, _choice, _judged, _each, _short, _ratio, _gap, _tiers,
          _linear, _late, _rating, _best, _rank, _change, _change, _children,
          _children]
_NOT_OUTSIDE = {_rating, _late}
_CAN_LEAVE = {_change, _children}  # only where a policy says what then
