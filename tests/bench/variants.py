"""variants.py - R40 once more, each item computed in Lua: as a formula, or by a script file.

    python3 tests/bench/variants.py FOLDER      writes r40-formula.yaml, r40-lua.yaml and its scripts

Made from r40.yaml, so that all three say the same of the same data.
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ITEM = re.compile(r"- \{id: (?P<id>c\d\d), title: (?P<title>\w+), points: (?P<points>[\d.]+), method: (?P<method>\w+), "
                  r"field: (?P<field>i\d\d)(?P<rest>,(?:[^{}]|\{[^{}]*\})*)?\}", re.S)
FILES = {
    "ratio": "params = { target = 1 },\n  score = function(item, v) return math.min(v / item.params.target, 1) * item.points end",
    "tiers": "params = { tiers = {} , to = false },\n  score = function(item, v)\n    for _, t in ipairs(item.params.tiers) do\n"
             "      if item.params.to and v <= t[1] or not item.params.to and v >= t[1] then return t[2] end\n    end\n"
             "    return 0\n  end",
    "each": "params = { lose = 1 },\n  score = function(item, v) return math.max(0, item.points - v * item.params.lose) end",
    "yesno": "score = function(item, v) return v and item.points or 0 end",
    "choice": "params = { scores = {} },\n  score = function(item, v) return item.params.scores[v] end",
    "gap": "params = { target = 1, lose = 1 },\n"
           "  score = function(item, v) return math.max(0, item.points - math.max(0, item.params.target - v) * item.params.lose) end",
    "best": "score = function(item, v, best) return best > 0 and item.points * v / best or 0 end",
}


def numbers(text):
    return [float(n) if "." in n else int(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)]


def tiers_of(rest):
    found = numbers(rest)
    return list(zip(found[::2], found[1::2])), "to:" in rest


def formula(m):
    field, rest = m["field"], m["rest"] or ""
    method = m["method"]
    if method == "ratio":
        return f"math.min({field} / {numbers(rest)[0]}, 1) * full"
    if method == "tiers":
        bounds, to = tiers_of(rest)
        return " or ".join(f"{field} {'<=' if to else '>='} {b} and {p}" for b, p in bounds) + " or 0"
    if method == "each":
        return f"math.max(0, full - {field} * {numbers(rest)[0]})"
    if method == "yesno":
        return f"{field} and full or 0"
    if method == "choice":
        pairs = re.findall(r"(\w+): ([\d.]+)", rest.partition("{")[2])
        return " or ".join(f"{field} == '{name}' and {points}" for name, points in pairs)
    if method == "gap":
        target, lose = numbers(rest)[:2]
        return f"math.max(0, full - math.max(0, {target} - {field}) * {lose})"
    return f"class.max.{field} > 0 and full * {field} / class.max.{field} or 0"


def as_formula(m):
    return f'- {{id: {m["id"]}, title: {m["title"]}, points: {m["points"]}, method: formula, formula: "{formula(m)}"}}'


def params_of(m):
    rest = m["rest"] or ""
    method = m["method"]
    if method == "ratio":
        return f", params: {{target: {numbers(rest)[0]}}}"
    if method == "tiers":
        bounds, to = tiers_of(rest)
        listed = ", ".join(f"[{b}, {p}]" for b, p in bounds)
        return f", params: {{tiers: [{listed}], to: {'yes' if to else 'no'}}}"
    if method == "each":
        return f", params: {{lose: {numbers(rest)[0]}}}"
    if method == "choice":
        return f", params: {{scores: {rest.partition('scores:')[2].strip()}}}"
    if method == "gap":
        return f", params: {{target: {numbers(rest)[0]}, lose: {numbers(rest)[1]}}}"
    return ""


def main():
    folder = Path(sys.argv[1])
    text = (HERE / "r40.yaml").read_text(encoding="utf-8")
    (folder / "r40-formula.yaml").write_text(ITEM.sub(as_formula, text), encoding="utf-8")

    def as_script(m):
        name = f"{m['method']}_{m['field']}.lua"
        reads = f'"{m["field"]}"' + (f', "class.max.{m["field"]}"' if m["method"] == "best" else "")
        (folder / name).write_text(f"return {{\n  reads = {{ {reads} }}, {FILES[m['method']]}\n}}\n", encoding="utf-8")
        return f"- {{id: {m['id']}, title: {m['title']}, points: {m['points']}, method: lua, script: {name}{params_of(m)}}}"

    (folder / "r40-lua.yaml").write_text(ITEM.sub(as_script, text), encoding="utf-8")


if __name__ == "__main__":
    main()
