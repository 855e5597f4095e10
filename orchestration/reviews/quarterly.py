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
    audience,
    glance,
    love,
    quality,
    satisfaction,
    speed,
    traffic,
    workload,
)

#: The three measures that the team is steered by, then the others a reader asks for first.
LEADING = ("K04", "K13", "K48")
OTHERS = ("K07", "K05_p90", "K26", "K43", "K21", "K50", "K68_share", "K71_linear")


def all_sections(
    desk: Desk, leading: Sequence[str] = LEADING, others: Sequence[str] = OTHERS
) -> list[Section]:
    """Every section there is under these headlines; data quality last, as it sums up the others."""
    return [
        glance.build(desk, leading, others),
        speed.build(desk),
        workload.build(desk),
        love.build(desk),
        audience.build(desk),
        traffic.build(desk),
        satisfaction.build(desk),
        quality.build(desk),
    ]


PLAN = writing.Plan(QUARTERLY, all_sections)


def write_quarterly_review(data_dir: Path | str, label: str) -> ReviewPaths:
    """Write the report of a quarter such as `2026-Q1`: see `writing.write`."""
    return writing.write(data_dir, PLAN, label)
