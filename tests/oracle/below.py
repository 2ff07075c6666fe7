"""What stands under a unit, and what it has (see recompute.py).

Units are scored when they are asked for: a unit asks for its children, and for a whole class where
it counts who is among the last of it. That needs no levels, only that nobody asks in a circle.
"""

from cells import ABSENT, reported
from exact import RubricError, number, value_of
from methods import NotApplicable, Outcome
from standing import rank_key, takes_part


class Below:
    """The tree of one engine's units."""

    def __init__(self, engine):
        self.engine = engine
        self.children = {unit.id: [] for unit in engine.units}
        for unit in engine.units:
            if unit.parent:
                if unit.parent not in self.children:
                    if not _reads_children(engine.rubric):
                        continue
                    raise RubricError(f"unit {unit.id}: no superior {unit.parent}")
                self.children[unit.parent].append(unit)
        self._keys = {}

    def of(self, unit, unit_class=None):
        return [child for child in self.children[unit.id]
                if unit_class is None or child.unit_class == unit_class]

    def figure(self, child, name):
        """(points, full marks) of a child, or None where it has no such figure."""
        scorer = self.engine.scored(child)
        if name == "total":
            return None if scorer.total is None else (scorer.total, scorer.sheet.total)
        node, points = scorer.sheet.nodes.get(name), scorer.points.get(name)
        return None if node is None or points is None else (points, node.points)

    def behind(self, child):
        """How many units of its class stand behind the child; None where it has no place."""
        keys = self._keys_of(child.unit_class)
        own = keys.get(child.id)
        return None if own is None else sum(key > own for key in keys.values())

    def _keys_of(self, unit_class):
        if unit_class not in self._keys:
            ranking = self.engine.rubric.get("ranking", {"within": "class", "ties": "shared"})
            standings = [self.engine.standing(unit) for unit in self.engine.units
                         if unit.unit_class == unit_class]
            self._keys[unit_class] = {standing.scorer.unit.id: rank_key(standing, ranking)
                                      for standing in standings if takes_part(standing, ranking)}
        return self._keys[unit_class]

    def outcome(self, item, unit):
        """The method `children`."""
        spec = item.spec
        children = self.of(unit, spec.get("class"))
        found = {child: self.figure(child, spec.get("of", "total")) for child in children}
        there = [child for child in children if found[child] is not None]
        if not there:
            raise NotApplicable
        if "last" in spec:
            behind = [self.behind(child) for child in there]
            among = sum(count is not None and count < int(spec["last"]) for count in behind)
            points = item.points - among * number(spec["lose"])
        else:
            shares = [found[child][0] / found[child][1] for child in there]
            share = min(shares) if spec["take"] == "min" else sum(shares) / len(shares)
            points = item.points * share
        return Outcome(points, points)

    def look_up(self, unit, name):
        """The Value behind children.count, children.mean.total and so on."""
        kind, _, rest = name.partition(".")
        if not rest:
            return reported(value_of(len(self.children[unit.id])))
        figures = [self.figure(child, rest) for child in self.children[unit.id]]
        points = [figure[0] for figure in figures if figure is not None]
        if kind == "count":
            return reported(value_of(len(points)))
        if not points:
            return ABSENT
        made = {"mean": lambda: sum(points) / len(points), "sum": lambda: sum(points),
                "min": lambda: min(points), "worst": lambda: min(points),
                "max": lambda: max(points), "best": lambda: max(points)}[kind]()
        return reported(value_of(made))


def _reads_children(node):
    if isinstance(node, dict):
        return node.get("method") == "children" or any(map(_reads_children, node.values()))
    if isinstance(node, list):
        return any(map(_reads_children, node))
    return isinstance(node, str) and "children." in node
