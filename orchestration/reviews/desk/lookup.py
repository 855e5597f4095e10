"""Looking up: the periods of a page, and what the snapshot holds of them by name.

Scorecard cells, definitions, rows of marts and the names of slices are found here. Nothing is
shown by being looked up: what is printed is made in `figures.py`, and reading is `serving.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.reviews import wording
from orchestration.reviews.periods import (
    Period,
    month_of,
    months_up_to,
    shifted,
    up_to,
    year_before,
)
from orchestration.reviews.serving import (
    OVERALL,
    WORDS_OF_DEFINITION,
    Definition,
    Reading,
    Snapshot,
)

#: What the trends of a page go by, how many of these they show, and how many of them the page is
#: about. Quarters and months reach back to the same one a year before, weeks a quarter of a year.
TRENDS = {"quarter": ("month", 15, 3), "month": ("month", 13, 1), "week": ("week", 13, 1)}

#: What a card draws of a measure that has no trend by `TRENDS`: periods of the page's own kind.
PERIODS_OF_CARD = 5

#: What of a definition's words is printed at most.
LONGEST_WORDS = 800


class Lookup:
    """One snapshot seen from one period: its cells, definitions, rows and names."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self.snapshot = snapshot
        self.period = period
        self.previous = shifted(period, -1)
        self.year_ago = year_before(period)
        self.grain, length, self.highlighted = TRENDS[period.kind]
        ends = up_to if self.grain == period.kind else months_up_to
        self.trend: tuple[Period, ...] = ends(period, length)
        # The month a week ends in: some measures have their target by the month only.
        self.month = month_of(period.ends_on, period.first_month)
        snapshot.load_scorecard(
            [*self.trend, *up_to(period, PERIODS_OF_CARD), self.year_ago, self.month]
        )
        self.publication = snapshot.publication()
        self.all_definitions = [_cleaned(each) for each in snapshot.definitions()]
        self._definitions = _in_force(self.all_definitions, period.ends_on)
        self._versions = {(each.kpi_id, each.version): each for each in self.all_definitions}
        self._targets = snapshot.targets()
        self._names = {
            "network": snapshot.names("dim_network", "network", "network_name"),
            "brand": snapshot.names("dim_brand", "brand", "brand_name"),
            "campaign": snapshot.names("dim_campaign", "campaign", "campaign_name"),
        }

    def definition(self, kpi_id: str, version: str | None = None) -> Definition:
        """The definition of a KPI: the version asked for, else the one in force."""
        found = self._versions.get((kpi_id, version or ""))
        return found or self._definitions.get(kpi_id) or Definition(kpi_id, name=kpi_id)

    def reading(
        self, kpi_id: str, period: Period | None = None, slice_: tuple[str, str] = OVERALL
    ) -> Reading:
        """A scorecard cell without showing it."""
        return self.snapshot.reading(kpi_id, period or self.period, *slice_)

    def series(
        self, kpi_id: str, periods: Iterable[Period], slice_: tuple[str, str] = OVERALL
    ) -> list[Reading]:
        """The readings of one KPI over periods."""
        return [self.reading(kpi_id, period, slice_) for period in periods]

    def rows(
        self,
        table: str,
        where: Mapping[str, Any] | None = None,
        *,
        order_by: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of `marts.<table>` as dictionaries: see `Snapshot.rows_where`.

        `where` maps columns to a value or a list of values; `order_by` names columns, with a minus
        before those that fall. There are no rows when there is no such table.
        """
        return self.snapshot.rows_where(table, where or {}, order_by, limit)

    def name_of(self, slice_kind: str, slice_value: str) -> str:
        """A slice value as a reader would write it."""
        known = self._names.get(slice_kind, {}).get(slice_value)
        return wording.label(known) if known else wording.label(wording.plain(slice_value))

    def day_of(self, instant: datetime) -> date:
        """The day of an instant in the reporting zone; instants are kept in UTC."""
        zone = ZoneInfo(self.publication.reporting_zone)
        return instant.replace(tzinfo=UTC).astimezone(zone).date()

    def text_of(self, column: str, value: Any) -> str:
        """A value of a mart that is no number, as a reader would write it: name, day or words."""
        if value is None:
            return ""
        if isinstance(value, datetime):
            value = self.day_of(value)
        if isinstance(value, date):
            return wording.day(value)
        text = str(value)
        return self.name_of(column, text) if wording.is_code(text) else wording.label(text)

    def ranked(
        self,
        slice_kind: str,
        kpi_ids: Sequence[str],
        sort_by: str,
        descending: bool = True,
        keep_last: Sequence[str] = (),
    ) -> list[str]:
        """Slice values that have any of the KPIs, best or worst first by one, names break ties."""

        def order(value: str) -> tuple[Any, ...]:
            number = self.reading(sort_by, slice_=(slice_kind, value)).value
            signed = 0.0 if number is None else -number if descending else number
            return (value in keep_last, number is None, signed, value)

        found = [
            value
            for value in self.snapshot.slice_values(kpi_ids, self.period, slice_kind)
            if any(self.reading(each, slice_=(slice_kind, value)).value for each in kpi_ids)
        ]
        return sorted(found, key=order)

    @property
    def own_trend(self) -> tuple[Period, ...]:
        """The periods of the trend that the page is about."""
        return self.trend[-self.highlighted :]

    def trend_of(self, kpi_ids: Sequence[str]) -> tuple[Period, ...]:
        """The periods of the trend, from the first in which any of the KPIs has a value.

        Empty when fewer than two have one: a single point is no trend.
        """
        covered = [
            place
            for place, each in enumerate(self.trend)
            if any(self.reading(kpi_id, each).value is not None for kpi_id in kpi_ids)
        ]
        return self.trend[covered[0] :] if len(covered) > 1 else ()


def _cleaned(definition: Definition) -> Definition:
    """A definition with its words on one line each, and of a bearable length."""
    words = {
        name: wording.trimmed(getattr(definition, name), LONGEST_WORDS)
        for name in WORDS_OF_DEFINITION
    }
    return replace(definition, name=wording.label(definition.name), **words)


def _in_force(definitions: Iterable[Definition], day: date) -> dict[str, Definition]:
    """The last version of each definition that was valid on a day, else the earliest."""
    found: dict[str, Definition] = {}
    for each in definitions:
        starts = each.valid_from_on
        if each.kpi_id not in found or starts is None or starts <= day:
            found[each.kpi_id] = each
    return found
