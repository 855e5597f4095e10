"""From a published snapshot to the files of one review, whatever its cadence.

The way of a review belongs here: find the period, make the blocks its plan lists, write the files.
Which blocks those are is told by the plan in the module of the cadence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.errors import ReviewError
from orchestration.reviews import pages, wording
from orchestration.reviews.blocks import Card, Missing, Prose, Section
from orchestration.reviews.cadences import Cadence
from orchestration.reviews.desk import Desk
from orchestration.reviews.pages import Page, ReviewPaths
from orchestration.reviews.periods import Period, period_named, period_of
from orchestration.reviews.sections import definitions
from orchestration.reviews.serving import Snapshot

#: A line of a review.md that is a few lines long.
Brief = Card | Prose | Missing


@dataclass(frozen=True)
class Plan:
    """What the review of a cadence is made of; its definitions are added at the end.

    A section that has nothing to say is None and left out. `markdown` is the template of review.md;
    `brief` gives the lines of one that is a few lines long.
    """

    cadence: Cadence
    sections: Callable[[Desk], Sequence[Section | None]]
    markdown: str = "review.md.j2"
    brief: Callable[[Desk], Sequence[Brief]] | None = None


def write(
    data_dir: Path | str, plan: Plan, label: str, locale: str = wording.DEFAULT_LOCALE
) -> ReviewPaths:
    """Write `<data>/reviews/<cadence>/<label>/` and the list of reviews beside it.

    Args:
        data_dir: the folder that holds `serving/`; `reviews/` is written beside it.
        plan: what the review is made of.
        label: a period of the plan's cadence such as `2026-Q1`, `2026-03` or `2026-W13`; quarters
            are those of the fiscal year that was published.
        locale: what numbers and days are written for.

    Returns the paths of the written files. Raises ReviewError when there is no published snapshot,
    when it lacks the scorecard, or when it has no rows for the period. The same snapshot and locale
    give the same bytes: the only instant on the page is the snapshot's as-of.
    """
    with Snapshot(Path(data_dir)) as snapshot:
        return write_from(snapshot, plan, label, locale)


def write_from(
    snapshot: Snapshot, plan: Plan, label: str, locale: str = wording.DEFAULT_LOCALE
) -> ReviewPaths:
    """Like `write`, from a snapshot that is open, whatever is published in the meantime."""
    publication = snapshot.publication()
    first_month = publication.fiscal_year_start_month
    try:
        period = period_named(plan.cadence.period_kind, label, first_month)
    except ValueError as error:
        raise ReviewError(str(error)) from error
    with wording.spoken(locale, publication.reporting_currency):
        return pages.write(snapshot.data_dir, compose(snapshot, plan, period))


def compose(snapshot: Snapshot, plan: Plan, period: Period) -> Page:
    """The review as blocks, before any template sees it."""
    _require(snapshot, period)
    desk = Desk(snapshot, period)
    sections = [each for each in plan.sections(desk) if each is not None]
    brief = tuple(plan.brief(desk)) if plan.brief else ()
    sections.append(definitions.build(desk))
    return Page(
        kind=plan.cadence.name,
        title=plan.cadence.title,
        period=period,
        publication=desk.publication,
        sections=tuple(sections),
        shown=tuple(desk.ledger),
        definitions={
            each.reading.kpi_id: desk.definition(
                each.reading.kpi_id, each.reading.definition_version
            )
            for each in desk.ledger.cells
        },
        markdown=plan.markdown,
        brief=brief,
        locale=wording.locale_name(),
    )


def _require(snapshot: Snapshot, period: Period) -> None:
    found: tuple[date, ...] = snapshot.period_starts(period.kind)
    if period.starts_on in found:
        return
    labels = [period_of(period.kind, start, period.first_month).label for start in found]
    known = ", ".join(labels) or "none"
    raise ReviewError(
        f"expected rows for {period.label} in marts.kpi_scorecard, found {period.kind}s: {known}; "
        f"ask for one of these, or refresh with exports that cover the {period.kind}"
    )
