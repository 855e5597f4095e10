"""How the company rates its own social work, quarter after quarter.

Items and axes are the seed's; scores are ours, and grow. Files are written in `writers`.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.company import Company, read_seed
from simulator.zones import DAY, day_number

ASSESSED_ON = (
    "2025-01-14",
    "2025-04-10",
    "2025-07-09",
    "2025-10-08",
    "2026-01-13",
    "2026-04-08",
)


@dataclass(frozen=True)
class Answer:
    """One item of one assessment: its axis and weight, and a score from 0 to 4."""

    assessed_on: int
    item: str
    axis: str
    weight: float
    score: int


def assess(company: Company) -> list[Answer]:
    """All assessments before the cut; every item is answered in each."""
    rng = company.rng(81)
    items = read_seed(company.seeds_dir, "maturity_items")
    start = {row["item_id"]: int(rng.integers(0, 3)) for row in items}
    answers = []
    for number, text in enumerate(ASSESSED_ON):
        day = day_number(text)
        for row in items:
            better = int(rng.integers(0, 2)) * number // 2
            score = min(4, start[row["item_id"]] + better)
            if day * DAY < company.cut - DAY:
                answers.append(
                    Answer(day, row["item_id"], row["axis"], float(row["weight"]), score)
                )
    return answers
