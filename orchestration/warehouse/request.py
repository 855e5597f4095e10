"""What whoever starts a build may ask for: everything once more, or the days of a range.

The shape of the request and its instants belong here. What a build makes of it does not.
"""

# No postponed annotations here: Dagster looks at the annotations of a configuration itself.

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.errors import SettingsError


class BuildRequest(dg.Config):
    """Configuration of the asset `warehouse`; left alone, a build recomputes what is new.

    Attributes:
        full: build every table once more, whatever has changed since the last build.
        from_on: first day of a range that is recomputed, in the reporting zone, such as 2026-03-01.
        to_on: its last day; without one, the range is open at the end.
    """

    full: bool = False
    from_on: str | None = None
    to_on: str | None = None

    def dates(self, zone: str) -> tuple[datetime, datetime] | None:
        """The range as a half-open one of UTC instants; None where no range is asked for.

        Raises:
            SettingsError: a day cannot be read, or the range ends before it begins.
        """
        if not (self.from_on or self.to_on):
            return None
        first = _day(self.from_on, "from_on") if self.from_on else date(1970, 1, 1)
        last = _day(self.to_on, "to_on") if self.to_on else date(2999, 12, 31)
        if last < first:
            raise SettingsError(
                f"A range of days was asked for from {first} to {last}, which ends before it "
                "begins; expected the first day in from_on and the last in to_on."
            )
        return _start(first, zone), _start(last + timedelta(days=1), zone)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name} is {text!r}; expected a day such as 2026-03-01.") from None


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
