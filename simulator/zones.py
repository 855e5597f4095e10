"""Local time for arrays of instants: offsets, days and periods of one IANA zone.

Instants are whole seconds since 1970-01-01 UTC in int64 arrays, days are days since 1970-01-01.
Opening hours and anything that knows a customer or a message do not belong here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

DAY = 86_400
HOUR = 3_600

PERIOD_KINDS = ("week", "month", "quarter")


def epoch(moment: datetime | str) -> int:
    """Seconds since 1970 of an aware datetime or of ISO text; text without an offset is UTC."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


def day_number(text: str) -> int:
    """Days since 1970 of an ISO date."""
    return (datetime.fromisoformat(text).date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days


def iso_day(day: int) -> str:
    """ISO date of a day number."""
    return str(np.datetime64(int(day), "D"))


class Zone:
    """One IANA zone with an hourly table of offsets, exact for zones that change on a UTC hour."""

    def __init__(self, name: str, first: str = "2024-06-01", last: str = "2027-01-01") -> None:
        self.name = name
        self._zone = ZoneInfo(name)
        self._base = epoch(first)
        hours = (epoch(last) - self._base) // HOUR
        start = datetime.fromtimestamp(self._base, UTC)
        self._offsets = np.fromiter(
            (
                int((start + timedelta(hours=i)).astimezone(self._zone).utcoffset().total_seconds())
                for i in range(hours)
            ),
            dtype=np.int64,
            count=hours,
        )

    def offset(self, t: np.ndarray) -> np.ndarray:
        """Seconds east of UTC at each instant; instants outside the table take its nearest end."""
        at = np.clip((np.asarray(t) - self._base) // HOUR, 0, len(self._offsets) - 1)
        return self._offsets[at]

    def local_at(self, t: int) -> int:
        """Wall-clock seconds of one instant: an array of one costs 20 times this."""
        at = min(max((t - self._base) // HOUR, 0), len(self._offsets) - 1)
        return t + int(self._offsets[at])

    def local(self, t: np.ndarray) -> np.ndarray:
        """Wall-clock seconds (as if the wall time were UTC) of each instant."""
        return np.asarray(t) + self.offset(t)

    def day(self, t: np.ndarray) -> np.ndarray:
        """Local day number of each instant."""
        return self.local(t) // DAY

    def midnight(self, day: int) -> int:
        """The instant at which a local day begins."""
        date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=int(day))
        return int(datetime(date.year, date.month, date.day, tzinfo=self._zone).timestamp())


@lru_cache
def zone_of(name: str) -> Zone:
    """A zone whose table is worked out once, however many files are written in it."""
    return Zone(name)


def period_start(day: np.ndarray, kind: str) -> np.ndarray:
    """First day number of the week (Monday), month or quarter that holds each day."""
    day = np.asarray(day, dtype=np.int64)
    if kind == "week":
        return day - (day + 3) % 7
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    if kind == "quarter":
        months = months - months % 3
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def period_end(start: int, kind: str) -> int:
    """Last day number of a period that starts on `start`."""
    if kind == "week":
        return int(start) + 6
    months = 1 if kind == "month" else 3
    first = np.datetime64(int(start), "D").astype("datetime64[M]")
    return int((first + np.timedelta64(months, "M")).astype("datetime64[D]").astype(np.int64)) - 1
