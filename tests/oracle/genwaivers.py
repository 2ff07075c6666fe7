"""Random waivers for a generated rubric and its units (see generate.py)."""

import csv
import io
import json
import random

import yaml

KEYS = ["unit", "item", "effect", "reason", "approved_by", "until"]
LABELS = ["单位编号", "指标", "效力", "理由", "批准单位", "有效期至"]
IN_FORCE = ["2024-12-31", "2025-06-30", "2025/1/1", "2024年12月31日"]   # for any period here
EXPIRED = ["2024-09-29", "2024-06-30", "2023-12-31"]
CHANCE = 0.4


def write_waivers(rubric, units, folder):
    """The path of a file of waivers in a list; most rubrics have none."""
    rng = random.Random(f"waivers {rubric.seed}")
    if rng.random() > CHANCE:
        return []
    waivers = _draw(rng, rubric, units)
    if not waivers:
        return []
    form = rng.choice(["yaml", "json", "csv"])
    path = f"{folder}/waivers.{form}"
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(_text(rng, waivers, form))
    return [path]


def _draw(rng, rubric, units):
    """At most one in force for an item or section of a unit; others of it may have expired."""
    effects = _effects(rubric)
    waivers, taken = [], set()
    for _ in range(rng.randint(1, 3 * len(units))):
        unit = rng.choice(units)["id"]
        if not effects:
            break
        node = rng.choice(sorted(effects))
        expired = rng.random() < 0.25
        if (unit, node) in taken and not expired:
            continue
        if not expired:
            taken.add((unit, node))
        until = rng.choice(EXPIRED) if expired else rng.choice(["", "", *IN_FORCE])
        waivers.append({"unit": unit, "item": node, "effect": rng.choice(effects[node]),
                        "reason": rng.choice(["无此项工作", "上级统一组织, 不再另行开展"]),
                        "approved_by": f"考核办{len(waivers)}", "until": until})
    return waivers


def _effects(rubric):
    """{item or section: the effects that a waiver of it may have} on every class's sheet."""
    policy = "not_applicable" in rubric.raw
    found = {}
    for name, _, shared, outside in rubric.items.made:
        allowed = ["not_applicable"] if outside else ["full"] + ["not_applicable"] * policy
        if shared:
            found[name] = allowed
    for name, _ in rubric.sections:
        found[name] = ["full"] + ["not_applicable"] * policy
    for name in ("bonus", "deductions"):
        if name in rubric.raw:
            found[name] = ["not_applicable"]
    return found


def _text(rng, waivers, form):
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(rng.choice([KEYS, LABELS]))
        words = {"full": rng.choice(["full", "满分"]),
                 "not_applicable": rng.choice(["not_applicable", "不适用"])}
        for waiver in waivers:
            writer.writerow([words.get(waiver[key], waiver[key]) for key in KEYS])
        return out.getvalue()
    given = [{key: text for key, text in waiver.items() if text} for waiver in waivers]
    if form == "json":
        return json.dumps({"waivers": given}, ensure_ascii=False, indent=1)
    return yaml.safe_dump({"waivers": given}, allow_unicode=True, sort_keys=False)
