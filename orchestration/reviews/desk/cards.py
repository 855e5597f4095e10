"""Cards: a headline KPI with its changes, its target and a small line.

What a card says and draws belongs here. Which KPIs have one is decided in `sections/`, and how the
small line looks in `charts/sparks.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import Card
from orchestration.reviews.desk.figures import Figures
from orchestration.reviews.desk.lookup import PERIODS_OF_CARD
from orchestration.reviews.ledger import SPARKS
from orchestration.reviews.periods import Period, up_to


class Cards(Figures):
    """Makes the headline cards of a period."""

    def card(self, kpi_id: str, *, is_lead: bool = False) -> Card:
        """A headline card of the period with changes, target, status and a small trend."""
        reading = self.reading(kpi_id)
        definition = self.definition(kpi_id, reading.definition_version)
        code, words = self.status(reading)
        trend: Sequence[Period] = self.trend
        values = [self.reading(kpi_id, each).value for each in trend]
        if sum(value is not None for value in values) < 2:
            trend = up_to(self.period, PERIODS_OF_CARD)
            values = [self.reading(kpi_id, each).value for each in trend]
        first = next((place for place, value in enumerate(values) if value is not None), 0)
        trend, values = trend[first:], values[first:]
        known = [
            (period, value)
            for period, value in zip(trend, values, strict=True)
            if value is not None
        ]
        target = self.reading(kpi_id, trend[-1]).target_value
        spark_words = spark_span = ""
        if len(known) > 1:
            span = max(value for _, value in known) - min(value for _, value in known)
            if target is not None and abs(target - known[-1][1]) > 3 * (span or 1):
                target = None
            first, last = known[0], known[-1]
            spark_words = (
                f"From {wording.number(first[1], definition.unit)} in {first[0].in_words} "
                f"to {wording.number(last[1], definition.unit)} in {last[0].in_words}"
            )
            spark_span = f"{first[0].short_name} to {last[0].short_name}"
        figure = self.show(reading, "prose")
        for period in trend:
            if self.reading(kpi_id, period).value is not None:
                self.show(self.reading(kpi_id, period), section=SPARKS)
        return Card(
            figure=figure,
            name=definition.name,
            status=code,
            status_words=words,
            target=self.target_words(reading) or self._monthly_target(kpi_id),
            changes=(self.change(reading, self.previous), self.change(reading, self.year_ago)),
            is_lead=is_lead,
            spark=charts.spark(values, target=target),
            spark_span=spark_span,
            spark_words=spark_words,
        )

    def _monthly_target(self, kpi_id: str) -> str:
        """For a KPI with a target by month only: the target and in how many months it was met."""
        is_by_month = any(
            (row.get("kpi_id"), row.get("kind"), row.get("period_kind"))
            == (kpi_id, "target", "month")
            for row in self._targets
        )
        if self.period.kind != "quarter" or not is_by_month:
            return ""
        months = [self.reading(kpi_id, month) for month in self.own_trend]
        known = [each for each in months if None not in (each.value, each.target_value)]
        if not known:
            return ""
        met = sum(each.status == "green" for each in known)
        return f"{self.target_words(known[-1])} a month, met in {met} of {len(known)}"
