"""Names and edges of review periods: weeks, months and quarters, and how to say them in words.

Only calendar arithmetic belongs here. Which periods exist in the data is the scorecard's answer,
and no function here asks the clock: the caller passes the instant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ORDINALS = ("First", "Second", "Third", "Fourth")
QUARTER_LABEL = re.compile(r"^(\d{4})-Q([1-4])$")
MONTH_LABEL = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
WEEK_LABEL = re.compile(r"^(\d{4})-W(\d{2})$")


@dataclass(frozen=True)
class Period:
    """A review period: first day, last day (inclusive), its label and its name in words.

    `first_month` is the month the fiscal year starts with, which decides where quarters begin.
    """

    kind: str
    starts_on: date
    ends_on: date
    label: str
    name: str
    first_month: int = 1

    @property
    def short_name(self) -> str:
        """The name that fits a table head: `Q1 2026`, `Jan 2026`, `W13 2026`."""
        if self.kind != "month":
            year, _, name = self.label.partition("-")
            return f"{name} {year}"
        return f"{MONTH_NAMES[self.starts_on.month - 1][:3]} {self.starts_on.year}"

    @property
    def in_words(self) -> str:
        """The name inside a sentence: `the first quarter of 2026`, `January 2026`."""
        if self.kind == "month":
            return self.name
        article = "the " if self.kind == "quarter" else ""
        return f"{article}{self.name[:1].lower()}{self.name[1:]}"


def add_months(day: date, months: int) -> date:
    """The first day of the month that lies `months` after the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def quarter(label: str, first_month: int = 1) -> Period:
    """The quarter called `2026-Q1`; ValueError for any other spelling.

    A quarter is named after the calendar quarter it begins in: where the fiscal year starts in
    February, May, August or November, 2026-Q1 is February to April 2026.
    """
    match = QUARTER_LABEL.match(label)
    if match is None:
        raise ValueError(
            f"a quarter is written like 2026-Q1 (year, hyphen, Q, 1 to 4); found {label!r}"
        )
    year, number = int(match[1]), int(match[2])
    starts_on = date(year, 3 * number - 2 + (first_month - 1) % 3, 1)
    return Period(
        kind="quarter",
        starts_on=starts_on,
        ends_on=add_months(starts_on, 3) - timedelta(days=1),
        label=label,
        name=f"{ORDINALS[number - 1]} quarter of {year}",
        first_month=first_month,
    )


def quarter_of(day: date, first_month: int = 1) -> Period:
    """The quarter that contains `day`."""
    named_after = add_months(day, -((first_month - 1) % 3))
    return quarter(f"{named_after.year}-Q{(named_after.month + 2) // 3}", first_month)


def month_of(day: date, first_month: int = 1) -> Period:
    """The calendar month that contains `day`."""
    starts_on = day.replace(day=1)
    return Period(
        kind="month",
        starts_on=starts_on,
        ends_on=add_months(starts_on, 1) - timedelta(days=1),
        label=f"{day.year}-{day.month:02d}",
        name=f"{MONTH_NAMES[day.month - 1]} {day.year}",
        first_month=first_month,
    )


def month(label: str, first_month: int = 1) -> Period:
    """The month called `2026-03`; ValueError for any other spelling."""
    match = MONTH_LABEL.match(label)
    if match is None:
        raise ValueError(
            f"a month is written like 2026-03 (year, hyphen, 01 to 12); found {label!r}"
        )
    return month_of(date(int(match[1]), int(match[2]), 1), first_month)


def week(label: str, first_month: int = 1) -> Period:
    """The ISO week called `2026-W13`, Monday to Sunday; ValueError for any other spelling."""
    match = WEEK_LABEL.match(label)
    try:
        starts_on = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        starts_on = None
    if starts_on is None:
        raise ValueError(
            "a week is written like 2026-W13 (ISO year, hyphen, W, a week of that year); "
            f"found {label!r}"
        )
    return week_of(starts_on, first_month)


def week_of(day: date, first_month: int = 1) -> Period:
    """The ISO week that contains `day`; early January may be in a week of the year before."""
    year, number, weekday = day.isocalendar()
    starts_on = day - timedelta(days=weekday - 1)
    return Period(
        kind="week",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=6),
        label=f"{year}-W{number:02d}",
        name=f"Week {number} of {year}",
        first_month=first_month,
    )


NAMED = {"week": week, "month": month, "quarter": quarter}
CONTAINING = {"week": week_of, "month": month_of, "quarter": quarter_of}


def period_named(kind: str, label: str, first_month: int = 1) -> Period:
    """The week, month or quarter with this label; ValueError for a label of another form."""
    return NAMED[kind](label, first_month)


def period_of(kind: str, day: date, first_month: int = 1) -> Period:
    """The week, month or quarter that contains `day`."""
    return CONTAINING[kind](day, first_month)


def kind_of(label: str) -> str | None:
    """`week`, `month` or `quarter` by the form of a label; None for any other."""
    forms = {"week": WEEK_LABEL, "month": MONTH_LABEL, "quarter": QUARTER_LABEL}
    return next((kind for kind, form in forms.items() if form.match(label)), None)


def shifted(period: Period, periods: int) -> Period:
    """The period of the same kind that lies `periods` after (negative: before) the given one."""
    if period.kind == "week":
        return week_of(period.starts_on + timedelta(weeks=periods), period.first_month)
    months = 3 * periods if period.kind == "quarter" else periods
    return period_of(period.kind, add_months(period.starts_on, months), period.first_month)


#: How many periods of a kind lie between a period and the one a year before.
A_YEAR = {"week": 52, "month": 12, "quarter": 4}


def year_before(period: Period) -> Period:
    """The same quarter or month of the year before; for a week the one 52 weeks before."""
    return shifted(period, -A_YEAR[period.kind])


def up_to(period: Period, count: int) -> tuple[Period, ...]:
    """The `count` periods of the same kind that end with `period`, oldest first."""
    return tuple(shifted(period, -back) for back in range(count - 1, -1, -1))


def months_up_to(period: Period, count: int) -> tuple[Period, ...]:
    """The `count` months that end with the last month of `period`, oldest first."""
    return up_to(month_of(period.ends_on, period.first_month), count)


def latest_complete(kind: str, as_of: datetime, zone: str, first_month: int = 1) -> str:
    """Label of the last week, month or quarter that was over at `as_of` in the company's zone.

    `as_of` without an offset is UTC, as everywhere in the product. `first_month` is the month the
    fiscal year starts with.
    """
    instant = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    today = instant.astimezone(ZoneInfo(zone)).date()
    return shifted(period_of(kind, today, first_month), -1).label
