"""Day by day: which source fell silent for which profile, and which days are missing or unusual.

Tables and charts of freshness, completeness and volume belong here. What is expected of a day is
decided in the marts; files are the business of `quality_files.py`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Remark,
    Table,
    source_anchor,
)
from orchestration.reviews.desk import Desk
from orchestration.reviews.periods import up_to, week_of
from orchestration.reviews.sections.quality_files import KEY, PERIODS, measured

DAYS = "kpi_data_quality"
MISSING, ROWS, AGE = "day_missing", "day_rows", "newest_row_age_days"
#: Feeds shown by name; the others are in the mart. A brief page names fewer.
MOST_FEEDS = 20
MOST_IN_BRIEF = 5
MOST_IN_CHART = 10
#: Up to so many days a chart has a column a day, beyond that one a week.
MOST_DAYS = 31
MOST_WEEKS = 14

Feed = tuple[str, str, str | None, str | None]


def blocks(desk: Desk, *, brief: bool = False) -> list[Block]:
    """The feeds that need a look, worst first, and how old their newest rows were."""
    feeds = by_feed(desk)
    heading = Heading("Days that are missing or unusual", "quality-days")
    if not feeds:
        return [heading, Missing("Rows by day", "no source has rows by day")]
    wrong = [feed for feed in sorted(feeds, key=_order(feeds)) if _breaches(feeds[feed])]
    whole = len(feeds) - len(wrong)
    if not wrong:
        return [
            heading,
            Remark(
                f"Nothing was late, missing or unusual: {wording.plural(whole, 'feed')} came in on "
                "every day they should."
            ),
        ]
    names = _names(desk)
    shown = wrong[: MOST_IN_BRIEF if brief else MOST_FEEDS]
    found: list[Block] = [heading, _table(desk, feeds, shown, names, whole, len(wrong))]
    if not brief:
        drawn = _ages(desk, wrong[:MOST_IN_CHART], names)
        found += [drawn] if drawn else []
    return found


def by_feed(desk: Desk) -> dict[Feed, dict[str, dict[str, Any]]]:
    """The period's measures of each feed."""
    found: dict[Feed, dict[str, dict[str, Any]]] = {}
    for row in measured(desk, [MISSING, ROWS, AGE], is_total=True):
        found.setdefault(_feed(row), {})[row["measure"]] = row
    return found


def _feed(row: dict[str, Any]) -> Feed:
    return (row["source"], row["stream"], row["network"], row["profile_key"])


def _breaches(measures: dict[str, dict[str, Any]]) -> int:
    return sum(row["breaches"] for row in measures.values())


def _order(feeds: dict[Feed, dict[str, dict[str, Any]]]) -> Any:
    def order(feed: Feed) -> tuple[Any, ...]:
        return (-_breaches(feeds[feed]), tuple(part or "" for part in feed))

    return order


def _names(desk: Desk) -> dict[Feed, str]:
    """Feeds as a reader would call them: of whom, what, and by which tool it is told."""
    profiles = {row["profile_key"]: row["profile_name"] for row in desk.rows("dim_profile")}

    class Names(dict[Feed, str]):
        def __missing__(self, feed: Feed) -> str:
            source, what, network, profile = feed
            whom = profiles.get(profile) or (desk.name_of("network", network) if network else "")
            told = f"{wording.plain(what).lower()}, {wording.plain(source)}"
            return wording.label(f"{whom} ({told})" if whom else wording.plain(told))

    return Names()


def _table(
    desk: Desk,
    feeds: dict[Feed, dict[str, dict[str, Any]]],
    shown: list[Feed],
    names: dict[Feed, str],
    whole: int,
    wrong: int,
) -> Table:
    columns = (
        (MISSING, "observations", "Days expected", "count"),
        (MISSING, "breaches", "Without a row", "count"),
        (ROWS, "breaches", "Unusual", "count"),
        (AGE, "highest_value", "Longest silence, days", "count"),
        (AGE, "latest_value", "Newest row, days old", "count"),
    )
    rows = []
    for feed in shown:
        cells = [Cell(names[feed])]
        for measure, column, _, unit in columns:
            row = feeds[feed].get(measure)
            content = desk.number(PERIODS, row, column, unit, KEY) if row else "none"
            cells.append(Cell(content))
        rows.append(tuple(cells))
    more = wrong - len(shown)
    notes = [
        f"{wording.plural(more, 'more feed')} of this kind in marts.{PERIODS}." if more else "",
        f"{wording.plural(whole, 'feed')} came in as usual." if whole else "",
        "Ages are those of the last day that is over.",
    ]
    return Table(
        "Sources that were late, missing or unusual",
        (
            Column("Source", is_number=False),
            *(Column(label, source=source_anchor(PERIODS, name)) for _, name, label, _ in columns),
        ),
        tuple(rows),
        " ".join(filter(None, notes)),
    )


def _ages(desk: Desk, feeds: list[Feed], names: dict[Feed, str]) -> Chart | None:
    """How old the newest row of a feed was, by day; by week where there are many days."""
    days = (desk.period.ends_on - desk.period.starts_on).days + 1
    by_day = days <= MOST_DAYS
    if by_day:
        dates = [desk.period.starts_on + timedelta(days=each) for each in range(days)]
        columns = {each: f"{each:%a} {each.day}" if days <= 7 else str(each.day) for each in dates}
        table, column, key = DAYS, "value", ("quality_key",)
        where = {"measure": AGE, "observed_on": dates}
        at = "observed_on"
    else:
        last = week_of(desk.period.ends_on, desk.period.first_month)
        weeks = [each for each in up_to(last, MOST_WEEKS) if each.ends_on >= desk.period.starts_on]
        columns = {each.starts_on: each.short_name for each in weeks}
        table, column, key = PERIODS, "highest_value", KEY
        where = {
            "measure": AGE,
            "is_total": True,
            "period_kind": "week",
            "period_start_on": list(columns),
        }
        at = "period_start_on"
    found = {(_feed(row), row[at]): row for row in desk.rows(table, where)}
    present = [place for place in columns if any((feed, place) in found for feed in feeds)]
    if len(present) < 2:
        return None
    title = f"Age of the newest row by {'day' if by_day else 'week'}, in days"
    rows = tuple(
        (
            Cell(names[feed]),
            *(
                Cell(desk.number(table, found[feed, place], column, "count", key))
                if (feed, place) in found
                else Cell(wording.NOT_AVAILABLE)
                for place in present
            ),
        )
        for feed in feeds
    )
    values = [
        [found[feed, place][column] if (feed, place) in found else None for place in present]
        for feed in feeds
    ]
    behind = Table(
        title,
        (
            Column("Source", is_number=False),
            *(Column(columns[place], source=source_anchor(table, column)) for place in present),
        ),
        rows,
    )
    return desk.chart(
        "quality-ages",
        title,
        "A field for each source and "
        f"{'day' if by_day else 'week'}: the darker, the older its newest row was.",
        behind,
        lambda name, width: charts.heat(
            name,
            [names[feed] for feed in feeds],
            [columns[place] for place in present],
            values,
            "count",
            good="low",
            width=width,
        ),
        note="" if by_day else "Of a week the oldest.",
    )
