"""Answers to the maturity checklist, a file an assessment.

Scores are known to `simulator.maturity`; each file repeats the assessment before.
"""

from __future__ import annotations

from simulator.company import Company
from simulator.maturity import Answer
from simulator.writers.files import Landing, csv_bytes, text_table
from simulator.zones import DAY, iso_day

STREAM = "maturity/answers"
HEADER = ("assessment_on", "item_id", "score", "evidence", "assessed_by")


def write(landing: Landing, company: Company, answers: list[Answer]) -> None:
    """One file the day after each assessment, the answers of the one before repeated."""
    days = sorted({answer.assessed_on for answer in answers})
    for number, day in enumerate(days):
        told = {day, days[number - 1]} if number else {day}
        rows = [
            (
                iso_day(a.assessed_on),
                a.item,
                str(a.score),
                f"Seen in the {a.axis} review" if a.score > 2 else None,
                "Head of social care",
            )
            for a in answers
            if a.assessed_on in told
        ]
        table = text_table(
            {name: [row[i] for row in rows] for i, name in enumerate(HEADER)}, len(rows)
        )
        export = min((day + 1) * DAY, company.cut)
        landing.put(STREAM, f"maturity_{iso_day(day)}.csv", csv_bytes(table), export)
