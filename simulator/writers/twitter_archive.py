"""The archive of support tweets from before the inbox tool.

Eight columns, the first without a name; a reply points at what it answers (`3.0`), a tweet lists
its answers. Threads and texts come from `care`.
"""

from __future__ import annotations

import numpy as np

from simulator.care import Care
from simulator.company import ARCHIVE, ARCHIVE_EXPORTS, Company
from simulator.dirt import Dirt
from simulator.writers.files import Landing, csv_bytes, text_table
from simulator.zones import DAY, epoch

FIRST_ID = 1_000_001
FIRST_AUTHOR = 115_000
WEEKDAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def twitter_time(t: int) -> str:
    """`Tue Oct 31 22:10:47 +0000 2017`."""
    stamp = str(np.datetime64(int(t), "s"))
    month = MONTHS[int(stamp[5:7]) - 1]
    return f"{WEEKDAYS[t // DAY % 7]} {month} {stamp[8:10]} {stamp[11:19]} +0000 {stamp[:4]}"


def write(landing: Landing, company: Company, care: Care, dirt: Dirt) -> None:
    """Two files, the second reaching a week back into the first."""
    m, threads = care.messages, care.threads
    rows = np.flatnonzero(m["archive"])
    rank = np.full(len(m["t"]), -1, dtype=np.int64)
    rank[rows] = np.arange(len(rows))
    answers: dict[int, list[int]] = {}
    for row in rows.tolist():
        parent = int(m["parent"][row])
        if parent >= 0:
            answers.setdefault(parent, []).append(row)
    previous = 0
    for export in [epoch(day) for day in ARCHIVE_EXPORTS if epoch(day) <= company.cut]:
        at = rows[(m["t"][rows] < export) & (m["t"][rows] >= previous - 7 * DAY)]
        lists = at.tolist()
        table = text_table(
            {
                "": [str(i) for i in range(len(lists))],
                "tweet_id": [str(FIRST_ID + int(rank[i])) for i in lists],
                "author_id": [
                    company.profiles[int(threads.profile[m["thread"][i]])].profile_id
                    if m["out"][i]
                    else str(FIRST_AUTHOR + int(threads.contact[m["thread"][i]]))
                    for i in lists
                ],
                "inbound": ["False" if m["out"][i] else "True" for i in lists],
                "created_at": [twitter_time(int(m["t"][i])) for i in lists],
                "text": [_text(care, i) for i in lists],
                "response_tweet_id": [
                    ",".join(
                        str(FIRST_ID + int(rank[j]))
                        for j in answers.get(i, ())
                        if m["t"][j] < export
                    )
                    or None
                    for i in lists
                ],
                "in_response_to_tweet_id": [
                    f"{FIRST_ID + int(rank[m['parent'][i]])}.0" if m["parent"][i] >= 0 else None
                    for i in lists
                ],
            },
            len(lists),
        )
        name = f"twcs_{np.datetime64(export // DAY, 'D')}.csv"
        stream = f"{ARCHIVE}/tweets"
        table = dirt.broken(
            table,
            stream,
            name,
            [
                ("damaged_id", {"tweet_id": "1.00001E+06"}),
                (
                    "impossible_date",
                    {"tweet_id": "999999", "created_at": "Sun Feb 30 10:00:00 +0000 2025"},
                ),
            ],
        )
        landing.put(stream, name, csv_bytes(table), export)
        previous = export


def _text(care: Care, row: int) -> str:
    text = care.texts.texts[int(care.messages["text"][row])]
    if not care.messages["out"][row]:
        return text
    parent = int(care.messages["parent"][row])
    if parent < 0:
        return text
    contact = int(care.threads.contact[care.messages["thread"][parent]])
    return f"@{FIRST_AUTHOR + contact} {text}"
