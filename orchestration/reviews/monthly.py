"""The monthly business review: the sections of the quarterly report, for one month.

Its headlines belong here. It compares with the month before and the same month a year before, and
its trends go by the month; the sections word themselves after the period they are given.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.reviews import writing
from orchestration.reviews.blocks import Section
from orchestration.reviews.cadences import MONTHLY
from orchestration.reviews.desk import Desk
from orchestration.reviews.pages import ReviewPaths
from orchestration.reviews.quarterly import LEADING, all_sections

OTHERS = ("K07", "K05_p90", "K26", "K43", "K20", "K21", "K68_share", "K71_linear")


def sections(desk: Desk) -> list[Section]:
    """The sections of the quarterly report under the month's headlines."""
    return all_sections(desk, LEADING, OTHERS)


PLAN = writing.Plan(MONTHLY, sections)


def write_monthly_review(data_dir: Path | str, label: str) -> ReviewPaths:
    """Write the review of a month such as `2026-03`: see `writing.write`."""
    return writing.write(data_dir, PLAN, label)
