"""Small shapes that several sections share: two charts beside each other, a mart's own period.

Only what at least three sections use belongs here. What a section shows is decided in the section.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import Block, Chart, Missing, Pair
from orchestration.reviews.desk import Desk


def pair(left: Chart | Missing, right: Chart | Missing) -> list[Block]:
    """Two charts side by side; one below the other where one of them has too little to draw."""
    if isinstance(left, Chart) and isinstance(right, Chart):
        return [Pair(left, right)]
    return [left, right]


def of_period(desk: Desk) -> dict[str, Any]:
    """What a mart by period calls the period of the page."""
    return {"period_kind": desk.period.kind, "period_start_on": desk.period.starts_on}


def published(desk: Desk, kpi_ids: Sequence[str]) -> list[str]:
    """Those KPIs that the scorecard has for the period, with or without a value."""
    return [each for each in kpi_ids if desk.reading(each).is_published]


def share_of(part: float, whole: float) -> float | None:
    """A bar's length from 0 to 1, None where there is nothing to draw it against."""
    return part / whole if whole > 0 else None


def moved(desk: Desk, kpi_id: str) -> str:
    """The change on the period before in brackets, ` (+3.1 % on Q4 2025)`; empty without one."""
    change = desk.change(desk.reading(kpi_id), desk.previous)
    if change.text == wording.NOT_AVAILABLE:
        return ""
    return f" ({change.text} on {change.against})"
