"""How often there is a review, of what period, and when it is written.

Names and times that the assets, jobs, schedules and commands share belong here. What a review shows
is decided in the module of its cadence.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cadence:
    """A kind of review: one page per week, month or quarter.

    `when` is the cron line of its schedule; `refreshed` says how many of the latest periods
    `make refresh` keeps up to date.
    """

    name: str
    period_kind: str
    title: str
    when: str
    refreshed: int
    description: str

    def cron(self, first_month: int = 1) -> str:
        """The cron line of the schedule; quarters follow the fiscal year that begins in a month."""
        begins = sorted((first_month - 1 + 3 * place) % 12 + 1 for place in range(4))
        return self.when.format(quarters_begin=",".join(map(str, begins)))

    @property
    def partitions(self) -> str:
        """Name of the partitions: the periods there are numbers for."""
        return f"{self.period_kind}s"

    @property
    def job(self) -> str:
        """Name of the job that writes one review."""
        return f"{self.name}_review"

    @property
    def schedule(self) -> str:
        """Name of the schedule that asks for the review of the period that ended last."""
        return f"{self.job}_schedule"


WEEKLY = Cadence(
    name="weekly",
    period_kind="week",
    title="Weekly update",
    when="0 7 * * 1",
    refreshed=1,
    description="The update of a week: a short page, and lines to paste into a ticket.",
)
#: The seventh is the fifth working day at the latest, and a week's maturity is over for all but the
#: last day.
MONTHLY = Cadence(
    name="monthly",
    period_kind="month",
    title="Monthly business review",
    when="0 7 7 * *",
    refreshed=1,
    description="The business review of a month: page, Markdown and every number shown.",
)
QUARTERLY = Cadence(
    name="quarterly",
    period_kind="quarter",
    title="Social health report",
    when="0 7 6 {quarters_begin} *",
    refreshed=4,
    description="The health report of a quarter: page, Markdown and every number shown.",
)
CADENCES = (QUARTERLY, MONTHLY, WEEKLY)
