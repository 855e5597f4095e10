"""The page of all KPIs, written from the seeds that define KPIs and their targets.

Laying seed rows out as a page belongs here, and what a family of KPIs has in common. What a KPI
means does not: it is a row of `seeds/kpi_definitions.csv`, and this page only prints it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
PAGE = Path(__file__).with_name("kpis.md")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """What the KPIs of one family share.

    Attributes:
        title: heading of the family.
        slices: slice kinds the scorecard has for the family.
    """

    title: str
    slices: str


MESSAGE_SLICES = (
    "overall, network, product, topic; message_type, visibility, directedness, profile, tag, "
    "product_topic, vip"
)
CASE_SLICES = (
    "overall, network, product, topic, team; message_type, visibility, profile, tag, "
    "product_topic, agent, vip, priority"
)
TURN_SLICES = f"{CASE_SLICES}, directedness"
FAMILIES: Mapping[str, Family] = {
    "messages": Family("Volume of messages", MESSAGE_SLICES),
    "listening": Family("Messages about us", MESSAGE_SLICES),
    "turns": Family("Speed and response", TURN_SLICES),
    "vip": Family("VIPs", TURN_SLICES),
    "policies": Family("Public or private", TURN_SLICES),
    "backlog": Family("Backlog", CASE_SLICES),
    "sla": Family("Promises", f"{CASE_SLICES}, sla_policy, sla_metric"),
    "conversations": Family("Volume of cases", CASE_SLICES),
    "closes": Family("Resolution", CASE_SLICES),
    "agents": Family("Teamwork and people", f"{CASE_SLICES}; K32 also destination_team"),
    "assignments": Family("Assignment and handling", CASE_SLICES),
    "timers": Family("Effort by the inbox's timer", CASE_SLICES),
    "bots": Family("Bots", CASE_SLICES),
    "templates": Family("Quick replies", CASE_SLICES),
    "tags": Family("What messages are about", MESSAGE_SLICES),
    "phone": Family("Phone", "overall"),
    "phone_staff": Family("Staff on the phone", "overall"),
    "deflection": Family("Deflection", "overall"),
    "presence": Family("Presence of agents", "overall"),
    "presence_and_phone": Family("Social against phone", "overall"),
    "surveys": Family("Satisfaction", CASE_SLICES),
    "nps": Family("Recommendation", CASE_SLICES),
    "sentiment": Family("Brand love", MESSAGE_SLICES),
    "posts": Family("Reach and engagement of posts", "overall, network, product"),
    "posts_aged": Family(
        "Best time to publish",
        "overall, network; hour_of_week in the zone of the profile's calendar",
    ),
    "profile_days": Family("Profiles by day", "overall, network; profile"),
    "followers": Family("Followers", "overall, network; profile"),
    "reach": Family("Reach", "profile, because nothing else can be said"),
    "mentions": Family("Listening", "overall, network; keyword, hashtag, campaign, brand"),
    "mentions_seen": Family("Brand love seen", "overall, network"),
    "share_of_voice": Family("Share of voice", "overall, network; brand"),
    "crises": Family("Crises", "overall"),
    "web": Family(
        "Traffic and attribution",
        "overall, network; conversions also by channel group, with `Unattributed`",
    ),
    "certificates": Family("Course certificates", "overall, network; next_step"),
    "orders": Family("Followers as customers", "overall, network"),
    "customers": Family("Unhappy customers", "overall"),
    "costs": Family("Cost per contact", "overall; channel"),
    "roi": Family("Return on investment", "overall; scenario"),
    "maturity": Family("Social maturity", "overall"),
    "deliveries": Family("Reports on time", "overall; cadence"),
    "checks": Family("Data quality", "overall"),
}

INTRODUCTION = """\
# KPIs

<!-- Written by `make docs` from kpi_definitions.csv and kpi_targets.csv in seeds/. Edit those. -->

Every KPI of the scorecard: what it says, what it counts, what is expected of it. The same words
are in `marts.kpi_definitions` and at the end of each review. Words such as *turn*, *eligible*,
*handled* or *care-closed* are defined in [definitions.md](definitions.md); how a KPI is added is in
[adding-a-kpi.md](adding-a-kpi.md).

{contents}

## How to read it

- **Unit** `share` is stored as a fraction: 0.9 is 90 %. A `change` is a share too, but may be
  negative or above one. `hours` and `minutes` are on the clock, `days` of work, `points` from -100
  to 100, `money` in the reporting currency.
- **Better** says whether up or down is good; nothing means that neither is.
- **Adds up** says what may be done with the value:
  {additivity}.
  To roll up a ratio, add numerators and denominators. Distributions and distinct counts are only
  true at the grain they are shown at.
- **One case** is what is counted or measured, and whose day puts it into a period.
- **Slices** before the semicolon have a row for every period, those behind it only where there are
  cases. `product_topic` is a pair such as `tracker × technical`; `tag` is a tag by its own name.
  Slices of products, topics and tags overlap.
- **Target** is the one in force for the newest period. A more exact row wins: a named network
  before any network, a period kind before none, the later start before the earlier one.
- **Final** says how long a period stays provisional once it is over, and below how many cases no
  value is shown.
- **Reviews** names those a KPI is meant for: weekly, monthly, quarterly. The scorecard has every
  KPI for every period kind, except those of the quarterly review alone, which have quarters only.

A value is NULL with one of these reasons, never silently zero: `no_source` (no data of its family
yet), `no_cases` (denominator is zero), `too_few` (fewer cases than the least shown), `too_young`
(nothing is final yet), `no_previous` (nothing to compare with), `not_additive` (parts that cannot
be summed).

A family whose source is absent, such as phone, presence, bots or policies, is `no_source` until the
first day its facts exist (`kpi_source_coverage`), and a count of it is then n/a too, not zero.

Status is `green` when the target is met, `amber` within 10 % of it or after three periods of
improvement in a row, else `red`; `grey` without a value or a target.

`value_low` and `value_high` are the bounds of a 95 % interval where sampling error matters:
Wilson's for `K43`, 1.96 standard errors for `K45`. Previous values are those of the period before,
and of 52 weeks, 12 months or 4 quarters before; a slice without a row in that period is compared
with nothing.

A KPI whose meaning changes keeps its id: its row gets the next version and the day from which that
is valid, and the changelog says what it was before. Every cell of the scorecard carries its
version.
"""

ADDITIVITY = {
    "A": "over time and over slices that do not overlap",
    "S": "over slices, never over time",
    "N": "no: ratio or distinct count",
    "D": "no: distribution",
}
SHORT = {"minutes": "min", "hours": "h", "days": "d"}
BETTER = {"up": "up", "down": "down", "none": ""}
REVIEWS = {"W": "weekly", "M": "monthly", "Q": "quarterly"}
OVERVIEW = ("KPI", "Name", "Unit", "Better", "Adds up", "Target", "Reviews")


def read_seed(name: str, seeds: Path = PROJECT_DIR / "seeds") -> list[Row]:
    """Rows of a seed by column name."""
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def models_of_kpis(models: Path = PROJECT_DIR / "models" / "marts" / "kpi") -> dict[str, str]:
    """The model that computes each KPI, by the id or the beginning of an id that the model names.

    A model that makes several KPIs in a loop names their common beginning: `K71_`.
    """
    return {
        name: path.stem
        for path in sorted(models.glob("kpi_values_*.sql"))
        for name in re.findall(r'"(K\d\d\w*)"', path.read_text(encoding="utf-8"))
    }


def model_of(kpi_id: str, models: Mapping[str, str]) -> str:
    """The model that computes the KPI.

    Raises:
        KeyError: no model names the KPI or the beginning of its id.
    """
    if kpi_id in models:
        return models[kpi_id]
    beginnings = [name for name in models if name.endswith("_") and kpi_id.startswith(name)]
    if not beginnings:
        raise KeyError(f"{kpi_id} is defined, but no model kpi_values_* computes it")
    return models[beginnings[0]]


def build_page(
    definitions: Sequence[Row], targets: Sequence[Row], models: Mapping[str, str]
) -> str:
    """The whole page as Markdown.

    Args:
        definitions: rows of `kpi_definitions`.
        targets: rows of `kpi_targets`.
        models: the model of each KPI, as `models_of_kpis` finds them.

    Raises:
        KeyError: a definition names a family that `FAMILIES` does not describe, or no model
            computes it.
    """
    families = {
        name: [row for row in definitions if row["family"] == name]
        for name in dict.fromkeys(row["family"] for row in definitions)
    }
    lines = [
        INTRODUCTION.format(
            contents=",\n".join(
                f"[{FAMILIES[name].title}](#{_anchor(FAMILIES[name].title)})" for name in families
            ),
            additivity=";\n  ".join(f"`{sign}` {words}" for sign, words in ADDITIVITY.items()),
        )
    ]
    for name, rows in families.items():
        lines += [f"## {FAMILIES[name].title}", ""]
        lines += [_line(OVERVIEW), _line("---" for _ in OVERVIEW)]
        lines += [_line(_overview(row, targets)) for row in rows]
        lines.append("")
        for row in rows:
            lines += _described(row, targets, models)
    lines += _references(definitions, targets)
    return "\n".join(lines).rstrip() + "\n"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _overview(row: Row, targets: Sequence[Row]) -> list[str]:
    return [
        f"[{row['kpi_id']}](#{_anchor(row['kpi_id'])})",
        row["name"],
        row["unit"],
        BETTER[row["direction"]],
        row["additivity"],
        _targets(row, targets),
        row["cadence"],
    ]


def _described(row: Row, targets: Sequence[Row], models: Mapping[str, str]) -> list[str]:
    """One KPI: a heading that can be linked to, what it says in words, and its facts as a list."""
    days, minimum = int(row["maturity_days"]), int(row["minimum_n"])
    model = model_of(row["kpi_id"], models)
    better = {"up": "; up is better", "down": "; down is better", "none": ""}[row["direction"]]
    final = f"{days} day{'s' * (days > 1)} after the period" if days else "at once"
    facts = {
        "Formula": row["formula"],
        "One case": row["grain"],
        "Edge cases": row["edge_cases"],
        "Unit": f"{row['unit']}{better}",
        "Adds up": f"`{row['additivity']}` {ADDITIVITY[row['additivity']]}",
        "Slices": row["slice_kinds"].replace(" ", ", ") or FAMILIES[row["family"]].slices,
        "Target": _targets(row, targets),
        "Final": f"{final}; shown from {minimum} cases" if minimum else final,
        "Reviews": ", ".join(REVIEWS[letter] for letter in row["cadence"].split()),
        "Sources": _code(row["sources"]),
        "Computed in": f"[`{model}`](../models/marts/kpi/{model}.sql)",
        "Owner": f"{row['owner']}; version {row['version']} since {row['valid_from_on']}",
    }
    return [
        f"### {row['kpi_id']}",
        "",
        _plain(f"**{row['name']}.** {row['definition']}"),
        "",
        *(f"- **{name}:** {_plain(words)}" for name, words in facts.items() if words),
        "",
    ]


def _is_target_of(target: Row, row: Row) -> bool:
    is_in_force = not target["valid_to_on"]
    return target["kpi_id"] == row["kpi_id"] and target["kind"] == "target" and is_in_force


def _target(row: Row, target: Row) -> str:
    sign = {"up": "≥", "down": "≤"}.get(row["direction"], "")
    words = {
        "absolute": lambda: _amount(target["target_value"], row["unit"]),
        "previous": lambda: "the period before",
        "previous_times": lambda: f"the period before × {float(target['target_value']):g}",
        "year_ago_plus": lambda: f"a year ago + {_points(target['target_value'], row['unit'])}",
    }[target["target_rule"]]()
    where = ""
    if target["slice_kind"] != "overall":
        where = f" ({target['slice_value'] or 'each ' + target['slice_kind']})"
    period = f" a {target['period_kind']}" if target["period_kind"] else ""
    return f"{sign} {words}{period}{where}".strip()


def _amount(text: str, unit: str) -> str:
    number = float(text)
    if unit in ("share", "change"):
        return f"{number * 100:g} %"
    return f"{number:,g} {SHORT[unit]}" if unit in SHORT else f"{number:,g}"


def _points(text: str, unit: str) -> str:
    return f"{float(text) * 100:g} points" if unit == "share" else _amount(text, unit)


def _references(definitions: Sequence[Row], targets: Sequence[Row]) -> list[str]:
    """Baselines and benchmarks: constants to look at, which no status is computed from."""
    units = {row["kpi_id"]: row["unit"] for row in definitions}
    others = [t for t in targets if t["kind"] != "target" and t["kpi_id"] in units]
    if not others:
        return []
    lines = [
        "## Baselines and benchmarks",
        "",
        "Printed beside a KPI for orientation; no status depends on them.",
        "",
        _line(("KPI", "Kind", "Value", "Note")),
        _line("---" for _ in range(4)),
    ]
    for target in others:
        value = _amount(target["target_value"], units[target["kpi_id"]])
        lines.append(_line((f"`{target['kpi_id']}`", target["kind"], value, target["note"])))
    return [*lines, ""]


def _targets(row: Row, targets: Sequence[Row]) -> str:
    return "; ".join(_target(row, t) for t in targets if _is_target_of(t, row))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _code(text: str) -> str:
    """The text with names of models and seeds set as code."""
    return re.sub(r"\b(?:fct|dim|int|bridge|kpi)_\w+|seeds/\w+\.csv", r"`\g<0>`", text)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(c).replace("|", "\\|") for c in cells) + " |"


def main() -> None:
    """Write the page."""
    page = build_page(read_seed("kpi_definitions"), read_seed("kpi_targets"), models_of_kpis())
    PAGE.write_text(page, encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(PROJECT_DIR)}")


if __name__ == "__main__":
    main()
