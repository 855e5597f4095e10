"""Where visits come from, written by hand beside this module: what arrives, what it must be called.

`addresses.csv` has the words of landing addresses and referrers on a day before GA4 had a channel
for AI assistants, `later_addresses.csv` such after it, `reported.csv` source/medium in the columns
of a tag manager. The last column is the group by GA4's own lists. Nothing here is computed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One way to arrive and its names."""

    name: str
    words: str
    referrer: str
    channel_group: str
    network: str | None
    ga4_channel_group: str


def read(table: str) -> list[Case]:
    """The cases of a table."""
    with (FOLDER / f"{table}.csv").open(newline="") as file:
        return [
            Case(
                name=row["case"],
                words=row["words"],
                referrer=row["referrer"],
                channel_group=row["channel_group"],
                network=row["network"] or None,
                ga4_channel_group=row["ga4_channel_group"],
            )
            for row in csv.DictReader(file)
        ]
