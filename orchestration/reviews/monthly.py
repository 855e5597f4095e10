"""The monthly business review: how care worked, what drove it, and what it brought, for one month.

Which sections it has, in which order, and its headlines belong here. It compares with the month
before and the same month a year before; the sections word themselves after the period they get.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.reviews import writing
from orchestration.reviews.blocks import Section
from orchestration.reviews.cadences import MONTHLY
from orchestration.reviews.desk import Desk
from orchestration.reviews.pages import ReviewPaths
from orchestration.reviews.sections import (
    agreement,
    attribution,
    audience,
    backlog,
    benchmarks,
    cases,
    certificates,
    channels,
    coverage,
    drivers,
    errata,
    glance,
    links,
    listening,
    love,
    notes,
    people,
    promises,
    publishing,
    quality,
    returns,
    satisfaction,
    speed,
    topics,
    traffic,
    voice,
    workload,
)

#: What the team is steered by, then the others a reader asks for first.
LEADING = ("K04", "K13", "K48")
OTHERS = ("K07", "K05_p90", "K16", "K26", "K43", "K20", "K21", "K68_share", "K71_linear")


def sections(desk: Desk) -> list[Section | None]:
    """Care first, then the brand and the web; what sums up the others stands last."""
    return [
        glance.build(desk, LEADING, OTHERS),
        notes.annotations(desk),
        speed.build(desk),
        drivers.build(desk),
        topics.build(desk),
        workload.build(desk),
        backlog.build(desk),
        promises.build(desk),
        coverage.build(desk),
        people.build(desk),
        satisfaction.build(desk),
        love.build(desk),
        voice.build(desk),
        listening.build(desk),
        certificates.build(desk),
        audience.build(desk),
        publishing.build(desk),
        traffic.build(desk),
        attribution.build(desk),
        channels.build(desk),
        links.build(desk),
        returns.build(desk),
        cases.build(desk),
        benchmarks.build(desk),
        agreement.build(desk),
        errata.build(desk),
        quality.build(desk),
    ]


PLAN = writing.Plan(MONTHLY, sections)


def write_monthly_review(data_dir: Path | str, label: str) -> ReviewPaths:
    """Write the review of a month such as `2026-03`: see `writing.write`."""
    return writing.write(data_dir, PLAN, label)
