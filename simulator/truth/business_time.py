"""Business time, the slow and plain way: walk the local dates, take each shift, add what overlaps.

Written for the truth only and independent of the warehouse: no precomputed intervals, no running
totals. What is waited for and why does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from simulator.company import read_seed


@dataclass(frozen=True)
class Shift:
    """Opening hours of one weekday, valid from a day to (not including) another."""

    valid_from: date
    valid_to: date | None
    iso_weekday: int
    opens: int
    closes: int


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")[:2]
    return int(hours) * 60 + int(minutes)


class BusinessCalendar:
    """When one calendar is open, in its own zone."""

    def __init__(self, zone: str, shifts: list[Shift], holidays: set[date]) -> None:
        self.zone = ZoneInfo(zone)
        self.shifts = shifts
        self.holidays = holidays
        self.open_on = lru_cache(maxsize=4096)(self._open_on)

    def _instant(self, day: date, minutes: int) -> float:
        day += timedelta(days=minutes // 1440)
        clock = time(minutes % 1440 // 60, minutes % 60)
        return datetime.combine(day, clock, tzinfo=self.zone).timestamp()

    def _open_on(self, day: date) -> tuple[tuple[float, float], ...]:
        """Open intervals (instants) of the shifts that begin on a local date, in order."""
        if day in self.holidays:
            return ()
        spans = []
        for shift in self.shifts:
            if shift.iso_weekday != day.isoweekday() or day < shift.valid_from:
                continue
            if shift.valid_to is not None and day >= shift.valid_to:
                continue
            closes = shift.closes if shift.closes > shift.opens else shift.closes + 1440
            spans.append((self._instant(day, shift.opens), self._instant(day, closes)))
        return tuple(sorted(spans))

    def seconds_between(self, start: float, end: float) -> float:
        """Open seconds between two instants (epoch seconds); zero outside opening hours."""
        if end <= start:
            return 0.0
        first = datetime.fromtimestamp(start, UTC).astimezone(self.zone).date() - timedelta(days=1)
        last = datetime.fromtimestamp(end, UTC).astimezone(self.zone).date()
        total, counted_to = 0.0, start
        day = first
        while day <= last:
            for opens, closes in self.open_on(day):
                low, high = max(opens, counted_to), min(closes, end)
                if high > low:
                    total += high - low
                    counted_to = high
            day += timedelta(days=1)
        return total


def read_calendars(seeds: Path) -> dict[str, BusinessCalendar]:
    """Calendars by id, from the three seeds that describe them."""
    zones = {row["calendar_id"]: row["zone"] for row in read_seed(seeds, "business_calendars")}
    shifts: dict[str, list[Shift]] = {name: [] for name in zones}
    holidays: dict[str, set[date]] = {name: set() for name in zones}
    for row in read_seed(seeds, "business_hours"):
        shifts[row["calendar_id"]].append(
            Shift(
                date.fromisoformat(row["valid_from_on"]),
                date.fromisoformat(row["valid_to_on"]) if row["valid_to_on"] else None,
                int(row["iso_weekday"]),
                _minutes(row["opens"]),
                _minutes(row["closes"]),
            )
        )
    for row in read_seed(seeds, "business_holidays"):
        holidays[row["calendar_id"]].add(date.fromisoformat(row["holiday_on"]))
    return {
        name: BusinessCalendar(zone, shifts[name], holidays[name]) for name, zone in zones.items()
    }
