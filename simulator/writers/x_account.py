"""The overview of an account as X Analytics exports it: a row a day, the latest first.

Headers and the folder of the account are known here; the numbers of a day are known to
`audience`. The export has no total of followers.
"""

from __future__ import annotations

import numpy as np

from simulator.audience import PROFILE_METRICS, Audience, day_exports, days_of
from simulator.company import Company
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.writers.x import MONTHS, WEEKDAYS

STREAM = "x/account"
HEADER = {
    "Impressions": "impressions",
    "Likes": "reactions",
    "Engagements": "engagements_native",
    "Bookmarks": "saves",
    "New follows": "followers_gained",
    "Unfollows": "followers_lost",
    "Replies": "comments",
    "Reposts": "shares",
    "Profile visits": "profile_views",
    "Create Post": "posts_published",
    "Video views": "video_views",
}


def day_words(day: int) -> str:
    """`Tue, Jul 14, 2026`."""
    date = str(np.datetime64(day, "D"))
    return f"{WEEKDAYS[day % 7]}, {MONTHS[int(date[5:7]) - 1]} {int(date[8:])}, {date[:4]}"


def write(landing: Landing, company: Company, audience: Audience) -> None:
    """Monthly files, each repeating the last days of the one before."""
    told = {header: name for header, name in HEADER.items() if name in PROFILE_METRICS["x"]}
    for export in day_exports(company, audience.accounts):
        account = audience.accounts[export.account]
        if account.source != "x":
            continue
        days = list(days_of(export))[::-1]
        cells: dict[str, list[str]] = {"Date": [day_words(day) for day in days]}
        for header, name in told.items():
            cells[header] = [
                str(audience.days.value(export.account, name, day, export.until)) for day in days
            ]
        # Copied links, which spread nothing, and pictures seen.
        cells["Shares"] = ["1"] * len(days)
        cells["Media views"] = ["0"] * len(days)
        name = f"account_overview_analytics_{day_name(export.until)}.csv"
        data = csv_bytes(text_table(cells, len(days)))
        landing.put(STREAM, f"{account.profile_id}/{name}", data, export.until)
