"""Daily figures of the phone system, and of the channels callers were offered instead.

A row a day and queue; where callers were offered another channel, a row a day, queue and channel.
Calls are no part of the care year: the phones are another department's.
"""

from __future__ import annotations

import numpy as np

from simulator.company import Company
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.zones import DAY, iso_day

QUEUES = ("Support", "Billing")
# Callers are offered messaging from here on.
OFFERED_FROM_DAY = 90
HEADER = (
    "date",
    "queue",
    "calls_offered",
    "calls_answered",
    "calls_abandoned",
    "talk_s",
    "hold_s",
    "after_call_s",
    "agent_hours",
    "deflections_offered",
    "deflections_accepted",
    "callbacks_within_7d",
    "deflection_channel",
)


def figures(company: Company) -> list[dict[str, str | int]]:
    """Rows of the year: a day and queue, or a day, queue and channel offered instead."""
    rng = company.rng(51)
    days = np.arange(company.first_day, company.last_day + 1)
    scale = max(1.0, company.messages / 14_000)
    rows: list[dict[str, str | int]] = []
    for day in days.tolist():
        quiet = 0.35 if (day + 3) % 7 >= 5 else 1.0
        for number, queue in enumerate(QUEUES):
            offered = int(rng.poisson((90 - 40 * number) * quiet * scale))
            answered = int(rng.binomial(offered, 0.9))
            talk = int(answered * rng.normal(310, 25))
            row: dict[str, str | int] = {
                "date": iso_day(day),
                "queue": queue,
                "calls_offered": offered,
                "calls_answered": answered,
                "calls_abandoned": offered - answered,
                "talk_s": max(talk, 0),
                "hold_s": answered * 28,
                "after_call_s": answered * 45,
                "agent_hours": str(round(max(answered, 1) / 7.5, 2)),
            }
            rows.append(row)
            if day - company.first_day >= OFFERED_FROM_DAY:
                asked = int(rng.binomial(offered, 0.3))
                accepted = int(rng.binomial(asked, 0.4))
                rows.append(
                    {
                        "date": iso_day(day),
                        "queue": queue,
                        "deflections_offered": asked,
                        "deflections_accepted": accepted,
                        "callbacks_within_7d": int(rng.binomial(accepted, 0.27)),
                        "deflection_channel": ("whatsapp", "messenger")[number],
                    }
                )
    return rows


def write(landing: Landing, company: Company) -> int:
    """Monthly files, each with the week before it again; returns the number of days and queues."""
    rows = figures(company)
    previous = 0
    for export in company.month_exports:
        first, last = iso_day((previous - 7 * DAY) // DAY), iso_day(export // DAY)
        part = [row for row in rows if first <= str(row["date"]) < last]
        cells = {
            name: [None if row.get(name) is None else str(row[name]) for row in part]
            for name in HEADER
        }
        name = f"phone_{day_name(export)}.csv"
        landing.put("phone/daily", name, csv_bytes(text_table(cells, len(part))), export)
        previous = export
    return len(rows)
