"""Numbers of earlier reviews that are others now: was, now, and why.

Picking what a review has to tell and wording it belongs here. What changed and for which cause is
computed by the mart `kpi_restatements`.
"""

from __future__ import annotations

from orchestration.reviews.blocks import Section
from orchestration.reviews.desk import Desk


def build(desk: Desk) -> Section | None:
    """Restatements of closed periods; of a week, what moved since the update before."""
    if not desk.rows("kpi_restatements", limit=1):
        return None
    return None
