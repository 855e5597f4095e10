"""The list of all reviews: what there is, newest first, and how the headline numbers moved.

It reads the numbers that stand beside the written reviews, so it says what was published, no more;
nothing is computed here.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.reviews import charts, rendering, wording
from orchestration.reviews.cadences import CADENCES, Cadence

NUMBERS_FILE = "numbers.csv"
#: Headlines drawn as a trend per cadence, and headlines named per review.
MOST_TRENDS, MOST_NAMED = 6, 3
#: Fewer points of the cadence's own periods than this say less than those of its trends.
ENOUGH_POINTS = 3

Row = dict[str, str]


@dataclass(frozen=True)
class Headline:
    """A headline number as the review prints it."""

    kpi_id: str
    name: str
    text: str
    status: str
    status_words: str


@dataclass(frozen=True)
class Trend:
    """How a headline number moved, over the periods that the reviews tell of."""

    headline: Headline
    spark: str
    span: str
    words: str


@dataclass(frozen=True)
class Listed:
    """A review that is there."""

    label: str
    path: str
    headlines: tuple[Headline, ...]


@dataclass(frozen=True)
class Group:
    """The reviews of a cadence."""

    kind: str
    title: str
    trends: tuple[Trend, ...]
    reviews: tuple[Listed, ...]


def write(root: Path) -> Path:
    """Write `index.html` into the folder of the reviews; returns its path."""
    root.mkdir(parents=True, exist_ok=True)
    text = rendering.as_html("index.html.j2", groups=groups(root))
    handle, name = tempfile.mkstemp(prefix=".index-", dir=root)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    Path(name).chmod(0o644)
    return Path(name).replace(root / "index.html")


def groups(root: Path) -> list[Group]:
    """The reviews under a folder, by cadence, newest first."""
    found = []
    for cadence in CADENCES:
        folders = [
            path
            for path in sorted((root / cadence.name).glob("*"), reverse=True)
            if (path / "index.html").is_file() and not path.name.startswith(".")
        ]
        if folders:
            numbers = [_numbers(folder) for folder in folders]
            reviews = tuple(
                Listed(
                    folder.name,
                    f"{cadence.name}/{folder.name}/",
                    tuple(_headline(row) for row in _own(rows)[:MOST_NAMED]),
                )
                for folder, rows in zip(folders, numbers, strict=True)
            )
            trends = tuple(_trend(cadence, row, numbers) for row in _own(numbers[0])[:MOST_TRENDS])
            found.append(Group(cadence.name, cadence.title, trends, reviews))
    return found


def _numbers(folder: Path) -> list[Row]:
    """The overall numbers of a review, in order of appearance."""
    path = folder / NUMBERS_FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["slice_kind"] == "overall"]


def _own(rows: Sequence[Row]) -> list[Row]:
    """The headlines: what the opening of a page says of the page's own period.

    The first number on a page is one of them, so its period is the page's.
    """
    opening = [row for row in rows if row["section"] == "glance"]
    return [row for row in opening if _period(row) == _period(opening[0])]


def _period(row: Row) -> tuple[str, str]:
    return row["period_kind"], row["period_start_on"]


def _headline(row: Row) -> Headline:
    status = row["status"] if row["target_value"] else ""
    return Headline(
        kpi_id=row["kpi_id"],
        name=row["name"],
        text=row["shown_as"].removeprefix("'"),
        status=status,
        status_words=wording.status(status) if status else "",
    )


def _trend(cadence: Cadence, row: Row, reviews: Sequence[Sequence[Row]]) -> Trend:
    """A headline over the periods of its cadence, else over those of the newest page's trends."""
    told = {
        each["period_start_on"]: each
        for rows in reversed(reviews)
        for each in rows
        if each["kpi_id"] == row["kpi_id"] and each["period_kind"] == cadence.period_kind
    }
    if sum(each["value"] != "" for each in told.values()) < ENOUGH_POINTS:
        told = {
            each["period_start_on"]: each
            for each in reviews[0]
            if each["kpi_id"] == row["kpi_id"] and each["period_kind"] != cadence.period_kind
        } or told
    points = [told[start] for start in sorted(told) if told[start]["value"]]
    headline = _headline(row)
    if len(points) < 2:
        return Trend(headline, "", "", "")
    first, last = points[0], points[-1]
    kind = first["period_kind"]
    return Trend(
        headline,
        charts.spark([float(each["value"]) for each in points]),
        f"{wording.plural(len(points), kind)} to {_end(last)}",
        f"From {first['shown_as']} in the {kind} that ended on {_end(first)} "
        f"to {last['shown_as']} in the one that ended on {_end(last)}",
    )


def _end(row: Row) -> str:
    return wording.day(date.fromisoformat(row["period_end_on"]))
