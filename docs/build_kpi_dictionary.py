"""The KPI dictionary page, written from the seeds that define KPIs and their targets.

Turning seed rows into words belongs here, and what a family of KPIs has in common. The definition
of a KPI does not: it is a row of `seeds/kpi_definitions.csv`, and this page only prints it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
PAGE = Path(__file__).with_name("kpi-dictionary.md")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """What the KPIs of one family share.

    Attributes:
        title: heading of the family.
        dated: whose day decides the period.
        slices: slice kinds the scorecard has for the family.
        model: the models that compute them.
    """

    title: str
    dated: str
    slices: str
    model: str


MESSAGE_SLICES = (
    "overall, network, product, topic; message_type, visibility, directedness, profile, tag, "
    "product_topic, vip"
)
CASE_SLICES = (
    "overall, network, product, topic, team; message_type, visibility, profile, tag, "
    "product_topic, agent, vip, priority"
)
TURN_SLICES = f"{CASE_SLICES}, directedness"
OPENED = "the day the conversation was opened"
SENT = "the day the message was sent"
LAST_DAY = "the last completed day of the period"
FAMILIES: Mapping[str, Family] = {
    "messages": Family("Volume of messages", SENT, MESSAGE_SLICES, "kpi_values_messages"),
    "listening": Family("Messages about us", SENT, MESSAGE_SLICES, "kpi_values_messages"),
    "turns": Family(
        "Speed and response",
        "the day the customer turn started; K18 by the 28 days to the last completed day; K41 by "
        "the day the message was sent",
        TURN_SLICES,
        "kpi_values_turns; K03_growth and K11 in kpi_values_changes, K18 in kpi_values_coverage, "
        "K41 in kpi_values_sent",
    ),
    "vip": Family("VIPs", "the day the customer turn started", TURN_SLICES, "kpi_values_turns"),
    "policies": Family(
        "Public or private", "the day the customer turn started", TURN_SLICES, "kpi_values_turns"
    ),
    "backlog": Family("Backlog", LAST_DAY, CASE_SLICES, "kpi_values_backlog"),
    "sla": Family(
        "Promises",
        f"the day the promise began; K16_open_breaches by {LAST_DAY}",
        f"{CASE_SLICES}, sla_policy, sla_metric",
        "kpi_values_sla",
    ),
    "conversations": Family("Volume of cases", OPENED, CASE_SLICES, "kpi_values_conversations"),
    "closes": Family(
        "Resolution",
        "the day closed (first close for the first-close KPIs and K25, else the last close); K28 "
        "and K29 by the day opened",
        CASE_SLICES,
        "kpi_values_conversations",
    ),
    "agents": Family(
        "Teamwork and people",
        f"{OPENED}; K46 and K23_closed by the day of the work; K23 by {LAST_DAY}",
        f"{CASE_SLICES}; K32 also destination_team",
        "kpi_values_conversations; K23 and K46 in kpi_values_workload, K80 and K85 in "
        "kpi_values_people",
    ),
    "assignments": Family(
        "Assignment and handling",
        f"{OPENED} for K33 and K39, the day closed for K34, the time itself for K34_concurrency",
        CASE_SLICES,
        "kpi_values_conversations; K34_concurrency in kpi_values_workload, K39 in "
        "kpi_values_topics",
    ),
    "timers": Family(
        "Effort by the inbox's timer", "the day closed", CASE_SLICES, "kpi_values_conversations"
    ),
    "bots": Family("Bots", OPENED, CASE_SLICES, "kpi_values_bots"),
    "templates": Family("Quick replies", SENT, CASE_SLICES, "kpi_values_sent"),
    "tags": Family("What messages are about", SENT, MESSAGE_SLICES, "kpi_values_messages"),
    "phone": Family("Phone", "the day of the calls", "overall", "kpi_values_phone"),
    "phone_staff": Family(
        "Staff on the phone", "the day of the calls", "overall", "kpi_values_phone"
    ),
    "deflection": Family("Deflection", "the day of the calls", "overall", "kpi_values_phone"),
    "presence": Family(
        "Presence of agents",
        "the day of the presence; conversations by the day opened",
        "overall",
        "kpi_values_phone",
    ),
    "presence_and_phone": Family(
        "Social against phone", "the days of both", "overall", "kpi_values_phone"
    ),
    "surveys": Family(
        "Satisfaction",
        "the day answered for K43, the day sent for K44",
        CASE_SLICES,
        "kpi_values_surveys",
    ),
    "nps": Family("Recommendation", "the day answered", CASE_SLICES, "kpi_values_surveys"),
    "sentiment": Family("Brand love", SENT, MESSAGE_SLICES, "kpi_values_messages"),
    "posts": Family(
        "Reach and engagement of posts",
        "the network's own day, never shifted to the reporting zone",
        "overall, network, product",
        "kpi_values_posts",
    ),
    "posts_aged": Family(
        "Best time to publish",
        "the day the post was published",
        "overall, network; hour_of_week in the zone of the profile's calendar",
        "kpi_values_publishing",
    ),
    "profile_days": Family(
        "Profiles by day",
        "the network's own day, never shifted to the reporting zone",
        "overall, network; profile",
        "kpi_values_profiles",
    ),
    "followers": Family(
        "Followers",
        "the last day of the period that reports them",
        "overall, network; profile",
        "kpi_values_profiles",
    ),
    "reach": Family(
        "Reach",
        "the network's own day the window ends on",
        "profile, because nothing else can be said",
        "kpi_values_profiles",
    ),
    "mentions": Family(
        "Listening",
        "the day of the mention",
        "overall, network; keyword, hashtag, campaign, brand",
        "kpi_values_mentions",
    ),
    "mentions_seen": Family(
        "Brand love seen", "the day of the mention", "overall, network", "kpi_values_brand_love"
    ),
    "share_of_voice": Family(
        "Share of voice", "the day of the mention", "overall, network; brand", "kpi_values_mentions"
    ),
    "crises": Family(
        "Crises",
        "the day the episode starts",
        "overall",
        "kpi_values_crises",
    ),
    "web": Family(
        "Traffic and attribution",
        "the day the session started; conversions by the day converted; K74 by the day of the "
        "first session from social",
        "overall, network; conversions also by channel group, with `Unattributed`",
        "kpi_values_web; K71 to K74 in kpi_values_attribution",
    ),
    "certificates": Family(
        "Course certificates",
        "the day of the post; sessions by the day started",
        "overall, network; next_step",
        "kpi_values_certificates",
    ),
    "orders": Family(
        "Followers as customers", "the day of the order", "overall, network", "kpi_values_customers"
    ),
    "customers": Family(
        "Unhappy customers",
        "the day the conversation was opened",
        "overall",
        "kpi_values_customers",
    ),
    "costs": Family(
        "Cost per contact", "the month of the cost", "overall; channel", "kpi_values_costs"
    ),
    "roi": Family("Return on investment", "the quarter", "overall; scenario", "kpi_values_roi"),
    "maturity": Family(
        "Social maturity",
        "the last assessment up to the end of the quarter",
        "overall",
        "kpi_values_maturity",
    ),
    "deliveries": Family(
        "Reports on time", "the day the review was due", "overall; cadence", "kpi_values_runs"
    ),
    "checks": Family("Data quality", "the day of the run's as-of", "overall", "kpi_values_runs"),
}

INTRODUCTION = """\
# KPI dictionary

<!-- Written by `make docs` from kpi_definitions.csv and kpi_targets.csv in seeds/. Edit those. -->

Every KPI of the scorecard: what it says, where it counts, what is expected of it. Words such as
*turn*, *eligible*, *handled* or *care-closed* are defined in [definitions.md](definitions.md).

How to read the tables:

- **Unit** `share` is stored as a fraction: 0.9 is 90 %. A `change` is a share too, but may be
  negative or above one. `hours` and `minutes` are on the clock, `days` of work, `points` from -100
  to 100, `money` in the reporting currency.
- **Slices** before the semicolon have a row for every period, those behind it only where there are
  cases. `product_topic` is a pair such as `tracker × technical`; `tag` is a tag by its own name.
  Slices of products, topics and tags overlap.
- **Only for** names the slices of a KPI that has not all of its family.
- **Better** says whether up or down is good; nothing means that neither is.
- **Adds up** says what may be done with the value:
  {additivity}.
  To roll up a ratio, add numerators and denominators. Distributions and distinct counts are only
  true at the grain they are shown at.
- **Target** is the one in force for the newest period. A more exact row wins: a named network
  before any network, a period kind before none, the later start before the earlier one.
- **Final after** is how long a period stays provisional once it is over.
- **From n** is the number of cases below which no value is shown.
- **Cadence** names the reviews a KPI is meant for: weekly, monthly, quarterly. The scorecard has
  every KPI for every period kind, except those of cadence `Q`, which have quarters only.

A value is NULL with one of these reasons, never silently zero: `no_source` (no data of its family
yet), `no_cases` (denominator is zero), `too_few` (below *From n*), `too_young` (nothing is final
yet), `no_previous` (nothing to compare with), `not_additive` (parts that cannot be summed).

A family whose source is absent, such as phone, presence, bots or policies, is `no_source` until the
first day its facts exist (`kpi_source_coverage`), and a count of it is then n/a too, not zero.

Status is `green` when the target is met, `amber` within 10 % of it or after three periods of
improvement in a row, else `red`; `grey` without a value or a target.

`value_low` and `value_high` are the bounds of a 95 % interval where sampling error matters:
Wilson's for `K43`, 1.96 standard errors for `K45`. Previous values are those of the period before,
and of 52 weeks, 12 months or 4 quarters before; a slice without a row in that period is compared
with nothing.
"""

ADDITIVITY = {
    "A": "over time and over slices that do not overlap",
    "S": "over slices, never over time",
    "N": "no: ratio or distinct count",
    "D": "no: distribution",
}
NEW_VERSION = """\
A KPI whose meaning changes gets a new row with the next version and the day it is valid from; the
scorecard carries the version of every cell."""

SHORT = {"minutes": "min", "hours": "h", "days": "d"}
BETTER = {"up": "up", "down": "down", "none": ""}
HEADER = (
    "KPI",
    "Name",
    "Formula",
    "Unit",
    "Only for",
    "Better",
    "Adds up",
    "Target",
    "Final after",
    "From n",
    "Cadence",
)


def read_seed(name: str, seeds: Path = PROJECT_DIR / "seeds") -> list[Row]:
    """Rows of a seed by column name."""
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build_page(definitions: Sequence[Row], targets: Sequence[Row]) -> str:
    """The whole page as Markdown.

    Raises:
        KeyError: a definition names a family that `FAMILIES` does not describe.
    """
    newest = _newest_versions(definitions)
    additivity = ";\n  ".join(f"`{sign}` {words}" for sign, words in ADDITIVITY.items())
    lines = [INTRODUCTION.format(additivity=additivity)]
    for name in dict.fromkeys(row["family"] for row in newest):
        family = FAMILIES[name]
        lines += [
            f"## {family.title}",
            "",
            f"Dated by {family.dated}. Slices: {family.slices}. Computed in {_models(family)}.",
            "",
            _line(HEADER),
            _line("---" for _ in HEADER),
        ]
        lines += [_line(_cells(row, targets)) for row in newest if row["family"] == name]
        lines.append("")
    lines += _references(newest, targets)
    lines += _versions(definitions)
    return "\n".join(lines).rstrip() + "\n"


def _models(family: Family) -> str:
    return re.sub(r"kpi_values_\w+", lambda name: f"`{name.group()}`", family.model)


def _newest_versions(definitions: Sequence[Row]) -> list[Row]:
    newest = {row["kpi_id"]: row for row in sorted(definitions, key=lambda r: r["valid_from_on"])}
    return [newest[kpi_id] for kpi_id in dict.fromkeys(row["kpi_id"] for row in definitions)]


def _cells(row: Row, targets: Sequence[Row]) -> list[str]:
    days = int(row["maturity_days"])
    minimum = int(row["minimum_n"])
    return [
        f"`{row['kpi_id']}`",
        row["name"],
        row["formula"],
        row["unit"],
        row["slice_kinds"].replace(" ", ", "),
        BETTER[row["direction"]],
        row["additivity"],
        "; ".join(_target(row, t) for t in targets if _is_target_of(t, row)),
        f"{days} d" if days else "at once",
        str(minimum) if minimum else "",
        row["cadence"],
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


def _versions(definitions: Sequence[Row]) -> list[str]:
    lines = [
        "## Owners and versions",
        "",
        NEW_VERSION,
        "",
    ]
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in definitions:
        key = (row["owner"], row["version"], row["valid_from_on"])
        groups.setdefault(key, []).append(f"`{row['kpi_id']}`")
    lines += [_line(("Owner", "Version", "Valid from", "KPIs")), _line("---" for _ in range(4))]
    lines += [_line((*key, ", ".join(kpi_ids))) for key, kpi_ids in groups.items()]
    return lines


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(re.sub(r"\s+", " ", c).replace("|", "\\|") for c in cells) + " |"


def main() -> None:
    """Write the page."""
    page = build_page(read_seed("kpi_definitions"), read_seed("kpi_targets"))
    PAGE.write_text(page, encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(PROJECT_DIR)}")


if __name__ == "__main__":
    main()
