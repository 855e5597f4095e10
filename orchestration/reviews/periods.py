"""Names and edges of review periods: quarters, the months in them, and how to say them in words.

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
        """The name that fits a table head: `Q1 2026`, `Jan 2026`."""
        if self.kind == "quarter":
            return f"Q{self.label[-1]} {self.label[:4]}"
        return f"{MONTH_NAMES[self.starts_on.month - 1][:3]} {self.starts_on.year}"


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


def shifted(period: Period, periods: int) -> Period:
    """The quarter or month `periods` after (negative: before) the given one."""
    if period.kind == "quarter":
        return quarter_of(add_months(period.starts_on, 3 * periods), period.first_month)
    return month_of(add_months(period.starts_on, periods), period.first_month)


def months_up_to(period: Period, count: int) -> tuple[Period, ...]:
    """The `count` months that end with the last month of `period`, oldest first."""
    last = month_of(period.ends_on, period.first_month)
    return tuple(shifted(last, -back) for back in range(count - 1, -1, -1))


def quarters_up_to(period: Period, count: int) -> tuple[Period, ...]:
    """The `count` quarters that end with `period`, oldest first."""
    return tuple(shifted(period, -back) for back in range(count - 1, -1, -1))


def latest_complete_quarter(as_of: datetime, zone: str, first_month: int = 1) -> str:
    """Label of the last quarter that was over at `as_of` in the company's zone.

    `as_of` without an offset is UTC, as everywhere in the product. `first_month` is the month the
    fiscal year starts with.
    """
    instant = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    today = instant.astimezone(ZoneInfo(zone)).date()
    return shifted(quarter_of(today, first_month), -1).label
