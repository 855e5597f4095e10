"""The quarterly health report: which sections it has, in which order, and what its headlines are.

The report reads the published snapshot and nothing else. Blocks are made by `desk.py` and the
sections, `writing.py` puts them together; weekly and monthly reviews are modules beside this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestration.reviews import writing
from orchestration.reviews.blocks import Section
from orchestration.reviews.cadences import QUARTERLY
from orchestration.reviews.desk import Desk
from orchestration.reviews.pages import ReviewPaths
from orchestration.reviews.sections import (
    attribution,
    audience,
    certificates,
    channels,
    errata,
    glance,
    improvement,
    journeys,
    links,
    listening,
    love,
    maturity,
    notes,
    publishing,
    quality,
    returns,
    satisfaction,
    speed,
    traffic,
    voice,
    workload,
)

#: The three measures that the team is steered by, then the others a reader asks for first.
LEADING = ("K04", "K13", "K48")
OTHERS = ("K07", "K05_p90", "K26", "K43", "K45", "K50", "K55", "K68_share", "K71_linear", "K78")


def all_sections(
    desk: Desk, leading: Sequence[str] = LEADING, others: Sequence[str] = OTHERS
) -> list[Section | None]:
    """Every section there is; tactics, errata and data quality last, as they sum up the others."""
    return [
        glance.build(desk, leading, others),
        improvement.build(desk),
        speed.build(desk),
        workload.build(desk),
        satisfaction.build(desk),
        love.build(desk),
        voice.build(desk),
        listening.build(desk),
        audience.build(desk),
        publishing.build(desk),
        traffic.build(desk),
        attribution.build(desk),
        journeys.build(desk),
        channels.build(desk),
        certificates.build(desk),
        links.build(desk),
        returns.build(desk),
        maturity.build(desk),
        notes.tactics(desk),
        errata.build(desk),
        quality.build(desk),
    ]


PLAN = writing.Plan(QUARTERLY, all_sections)


def write_quarterly_review(data_dir: Path | str, label: str) -> ReviewPaths:
    """Write the report of a quarter such as `2026-Q1`: see `writing.write`."""
    return writing.write(data_dir, PLAN, label)
