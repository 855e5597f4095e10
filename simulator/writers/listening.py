"""Mentions as a listening tool exports them: one CSV row a mention.

Which mentions there are is known to `simulator.listening`, and that another tool hears some of them
too is `sprout_social`'s business.
"""

from __future__ import annotations

import numpy as np

from simulator.company import Company
from simulator.dirt import Dirt
from simulator.listening import Mention
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.zones import DAY

STREAM = "listening/mentions"
HEADER = (
    "mention_id",
    "network",
    "native_id",
    "sent_at",
    "author_id",
    "author_followers",
    "is_verified",
    "text",
    "language",
    "sentiment",
    "engagements",
    "impressions",
    "permalink",
    "is_repost",
    "in_reply_to_id",
    "topic",
)


def cells(mention: Mention) -> tuple[str | None, ...]:
    """One row."""

    def known(number: int) -> str | None:
        return None if number < 0 else str(number)

    return (
        f"m-{mention.number:08d}",
        mention.network.upper() if mention.number % 7 == 0 else mention.network,
        mention.native_id,
        str(np.datetime64(mention.sent_at, "s")) + "Z",
        mention.author_id,
        known(mention.author_followers),
        "true" if mention.is_verified else "false",
        mention.text,
        mention.language,
        mention.sentiment or None,
        str(mention.engagements),
        known(mention.impressions),
        mention.permalink,
        "true" if mention.is_repost else "false",
        mention.in_reply_to or None,
        mention.topic,
    )


def write(landing: Landing, company: Company, mentions: list[Mention], dirt: Dirt) -> int:
    """Monthly files, each repeating a day of the one before; returns the number of mentions."""
    heard = sorted((m for m in mentions if m.in_listening), key=lambda m: (m.sent_at, m.number))
    previous = 0
    for number, export in enumerate(company.month_exports):
        rows = [cells(m) for m in heard if previous - DAY <= m.sent_at < export]
        table = text_table(
            {name: [row[i] for row in rows] for i, name in enumerate(HEADER)}, len(rows)
        )
        name = f"mentions_{day_name(export)}.csv"
        if number % 4 == 1:
            change = ("future", {"mention_id": f"m-f{export}", "sent_at": "2031-05-01T10:00:00Z"})
            table = dirt.broken(table, STREAM, name, [change])
        landing.put(STREAM, name, csv_bytes(table, bom=number % 2 == 1), export)
        previous = export
    return len(heard)
