"""Which weeks, months and quarters the published scorecard has numbers for.

Asking serving for periods belongs here. Which of them get a review is decided by the cadences.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.publish.embedded import SERVING_FILE
from orchestration.settings import Settings


def periods_with_numbers(settings: Settings, published: Path | None = None) -> dict[str, list[str]]:
    """Labels of the periods that were over at the as-of and have numbers, by kind, oldest first.

    A backlog alone is no number here: conversations nobody closed stay open for ever, also in the
    weeks after the last export. `published` is the folder of a snapshot, if not of the current one.
    """
    import duckdb

    from orchestration.reviews.periods import period_of

    marts = (published or settings.serving_dir) / SERVING_FILE
    with duckdb.connect(str(marts), read_only=True) as connection:
        rows = connection.execute(
            """
            select distinct period_kind, period_start_on
            from marts.kpi_scorecard
            inner join marts.kpi_definitions using (kpi_id), marts.publication
            where
                kpi_definitions.family <> 'backlog'
                and value is not null
                and n > 0
                and period_end_on < timezone(
                    publication.reporting_zone, timezone('UTC', publication.as_of_at)
                )::date
            order by period_start_on
            """
        ).fetchall()
    found: dict[str, list[str]] = {"week": [], "month": [], "quarter": []}
    for kind, starts_on in rows:
        found[kind].append(period_of(kind, starts_on, settings.fiscal_year_start_month).label)
    return found
