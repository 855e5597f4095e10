"""Small shapes that several sections share: two charts beside each other, a mart's own period.

Only what at least three sections use belongs here. What a section shows is decided in the section.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def moved(desk: Desk, kpi_id: str) -> str:
    """The change on the period before in brackets, ` (+3.1 % on Q4 2025)`; empty without one."""
    change = desk.change(desk.reading(kpi_id), desk.previous)
    if change.text == wording.NOT_AVAILABLE:
        return ""
    return f" ({change.text} on {change.against})"


#: How a conversation is named on a page: by the start of its key, which is long.
KEY_LENGTH = 8
LOOKED_UP = (
    f"A conversation is named by the first {KEY_LENGTH} characters of its key; its way, step by "
    "step, is in conversation_timeline."
)


def short_key(conversation_key: str) -> str:
    """The start of a conversation's key, enough to find it by."""
    return conversation_key[:KEY_LENGTH]


def about(desk: Desk, row: Mapping[str, Any]) -> str:
    """What a conversation is about: `Boards: technical`."""
    product = desk.text_of("product", row["product"] or "untagged")
    topic = desk.text_of("topic", row["topic"] or "untagged")
    if product == topic:
        return product
    return f"{product}: {topic if topic[:2].isupper() else topic[:1].lower() + topic[1:]}"
