"""Conditions of the simple form, in three-valued logic (see recompute.py).

    condition := term ("or" term)*          `and` binds tighter than `or`
    term      := factor ("and" factor)*
    factor    := "(" condition ")" | "not" factor | name | name < <= > >= == ~= value

A condition is True, False or None (unknown): unknown where a value it needs is not reported, or
where a one-sided value does not prove it either way.
"""

from functools import lru_cache
import operator
import re

from exact import RubricError, number

_TOKEN = re.compile(r"""\s*(?:(?P<op><=|>=|==|~=|<|>|\(|\))
                           |(?P<text>"[^"]*"|'[^']*')
                           |(?P<number>-?\d+(?:\.\d+)?)
                           |(?P<name>[A-Za-z_]\w*(?:\.\w+)*))""", re.VERBOSE)
_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
            "==": operator.eq, "~=": operator.ne}


def _tokens(text):
    place, found = 0, []
    text = text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise RubricError(f"cannot read the condition '{text}'")
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Parser:
    def __init__(self, text):
        self.tokens = _tokens(text) + [("end", "")]
        self.place = 0

    def take(self, word=None):
        kind, text = self.tokens[self.place]
        if word is not None and text != word:
            return None
        self.place += 1
        return kind, text

    def condition(self):
        terms = [self.term()]
        while self.take("or"):
            terms.append(self.term())
        return terms[0] if len(terms) == 1 else ("or", terms)

    def term(self):
        factors = [self.factor()]
        while self.take("and"):
            factors.append(self.factor())
        return factors[0] if len(factors) == 1 else ("and", factors)

    def factor(self):
        if self.take("("):
            inside = self.condition()
            if not self.take(")"):
                raise RubricError("a parenthesis is not closed")
            return inside
        if self.take("not"):
            return ("not", self.factor())
        kind, name = self.take()
        if kind != "name":
            raise RubricError(f"'{name}' where a condition names something")
        if self.tokens[self.place][1] in _COMPARE:
            return ("compare", name, self.take()[1], self.value())
        return ("yes", name)

    def value(self):
        kind, text = self.take()
        if kind == "number":
            return number(text)
        if kind == "text":
            return text[1:-1]
        if text in ("true", "false"):
            return text == "true"
        raise RubricError(f"'{text}' where a condition compares with a value")


@lru_cache(maxsize=None)
def parse(text):
    parser = _Parser(text)
    tree = parser.condition()
    if parser.tokens[parser.place][0] != "end":
        raise RubricError(f"cannot read the condition '{text}'")
    return tree


def holds(tree, look_up):
    """True, False or None; look_up gives the Value behind a name."""
    kind = tree[0]
    if kind == "or":
        return _any([holds(part, look_up) for part in tree[1]])
    if kind == "and":
        return _all([holds(part, look_up) for part in tree[1]])
    if kind == "not":
        inside = holds(tree[1], look_up)
        return None if inside is None else not inside
    value = look_up(tree[1])
    if value.state != "reported":
        return None
    return bool(value.data) if kind == "yes" else _compare(value, tree[2], tree[3])


def silent(tree, look_up):
    """Whether it reads anything that is not reported, or a bound that proves neither way."""
    if tree[0] in ("or", "and"):
        return any(silent(part, look_up) for part in tree[1])
    if tree[0] == "not":
        return silent(tree[1], look_up)
    value = look_up(tree[1])
    return value.state == "missing" or value.state == "reported" and holds(tree, look_up) is None


def lacks(tree, look_up):
    """Whether it reads what the previous period does not have, or points of what does not apply."""
    if tree[0] in ("or", "and"):
        return any(lacks(part, look_up) for part in tree[1])
    if tree[0] == "not":
        return lacks(tree[1], look_up)
    state = look_up(tree[1]).state
    return state == "absent" or state == "na" and tree[1].startswith(("points.", "grade."))


def _any(parts):
    return True if True in parts else None if None in parts else False


def _all(parts):
    return False if False in parts else None if None in parts else True


def _compare(value, sign, other):
    if not value.bound:
        return _COMPARE[sign](value.data, other)
    return _proved(value.data, value.bound == ">=", sign, other)


def _proved(bound, is_lower, sign, other):
    """What a one-sided value proves: it lies at the bound or on one side of it."""
    beyond = bound > other if is_lower else bound < other      # all it can be is past `other`
    at_least = bound >= other if is_lower else bound <= other
    outward, outward_or_equal = (">", ">=") if is_lower else ("<", "<=")
    inward, inward_or_equal = ("<", "<=") if is_lower else (">", ">=")
    if sign in (outward, outward_or_equal):
        return True if (beyond if sign == outward else at_least) else None
    if sign in (inward, inward_or_equal):
        return False if (at_least if sign == inward else beyond) else None
    return (sign == "~=") if beyond else None
