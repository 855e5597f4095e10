"""The quarterly health report: which sections it has, in which order, and what its headlines are.

The report reads the published snapshot and nothing else. Blocks are made by `desk.py` and the
sections, files are written by `pages.py`; weekly and monthly pages are modules beside this one.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from orchestration.errors import ReviewError
from orchestration.reviews import pages
from orchestration.reviews.desk import Desk
from orchestration.reviews.pages import Page, ReviewPaths
from orchestration.reviews.periods import (
    Period,
    add_months,
    latest_complete_quarter,
    quarter,
    quarter_of,
)
from orchestration.reviews.sections import (
    audience,
    glance,
    love,
    quality,
    satisfaction,
    speed,
    traffic,
    workload,
)
from orchestration.reviews.serving import Snapshot

__all__ = ["ReviewPaths", "latest_complete_quarter", "write_quarterly_review"]

KIND = "quarterly"
TITLE = "Social health report"

#: The three measures that the team is steered by, then the others a reader asks for first.
LEADING = ("K04", "K13", "K48")
OTHERS = ("K07", "K05_p90", "K26", "K43", "K21", "K50", "K68_share", "K71_linear")


def write_quarterly_review(
    data_dir: Path | str, quarter_label: str, *, title: str = TITLE
) -> ReviewPaths:
    """Write `<data>/reviews/quarterly/<quarter>/` and the list of reviews beside it.

    Args:
        data_dir: the folder that holds `serving/`; `reviews/` is written beside it.
        quarter_label: a quarter such as `2026-Q1`, of the fiscal year that was published.
        title: the title on the page.

    Returns the paths of the written files. Raises ReviewError when there is no published snapshot,
    when it lacks the scorecard, or when it has no rows for the quarter. The same snapshot gives
    the same bytes: the only instant on the page is the snapshot's as-of.
    """
    with Snapshot(Path(data_dir)) as snapshot:
        try:
            period = quarter(quarter_label, snapshot.publication().fiscal_year_start_month)
        except ValueError as error:
            raise ReviewError(str(error)) from error
        page = compose(snapshot, period, title)
    return pages.write(Path(data_dir), page)


def compose(snapshot: Snapshot, period: Period, title: str = TITLE) -> Page:
    """The report as blocks, before any template sees it."""
    _require(snapshot, period)
    snapshot.load_scorecard(add_months(period.starts_on, -15), period.ends_on, ("quarter", "month"))
    desk = Desk(snapshot, period)
    sections = [
        glance.build(desk, LEADING, OTHERS),
        speed.build(desk),
        workload.build(desk),
        love.build(desk),
        audience.build(desk),
        traffic.build(desk),
        satisfaction.build(desk),
        quality.build(desk),
    ]
    sections.append(quality.definitions(desk))
    return Page(
        kind=KIND,
        title=title,
        period=period,
        publication=desk.publication,
        sections=tuple(sections),
        shown=tuple(desk.shown.values()),
        definitions={
            each.reading.kpi_id: desk.definition(
                each.reading.kpi_id, each.reading.definition_version
            )
            for each in desk.shown.values()
        },
    )


def _require(snapshot: Snapshot, period: Period) -> None:
    found: tuple[date, ...] = snapshot.period_starts("quarter")
    if period.starts_on in found:
        return
    known = ", ".join(quarter_of(start, period.first_month).label for start in found) or "none"
    raise ReviewError(
        f"expected rows for {period.label} in marts.kpi_scorecard, found quarters: {known}; "
        "ask for one of these, or refresh with exports that cover the quarter"
    )
