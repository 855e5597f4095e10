"""X Analytics exports, in both generations of headers.

Legacy files print whole numbers with `.0` and unused metrics as `-`; current ones carry a day
without a time. Which posts a file holds and how their numbers stand is known to `posts`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.company import Company
from simulator.dirt import Dirt
from simulator.posts import METRICS, PostExport, Posts, post_exports, rows_of
from simulator.writers.files import Landing, csv_bytes, day_name, optional_rate, text_table

STREAM = "x/posts"
LEGACY = {
    "impressions": "impressions",
    "engagements": "engagements",
    "retweets": "reposts",
    "replies": "replies",
    "likes": "likes",
    "user profile clicks": "profile_clicks",
    "url clicks": "url_clicks",
    "hashtag clicks": "hashtag_clicks",
    "detail expands": "detail_expands",
    "permalink clicks": "permalink_clicks",
}
LEGACY_HEADER = (
    "Tweet id",
    "Tweet permalink",
    "Tweet text",
    "time",
    "impressions",
    "engagements",
    "engagement rate",
    "retweets",
    "replies",
    "likes",
    "user profile clicks",
    "url clicks",
    "hashtag clicks",
    "detail expands",
    "permalink clicks",
    "app opens",
    "app installs",
    "follows",
    "email tweet",
    "dial phone",
    "media views",
    "media engagements",
)
PROMOTED = tuple(f"promoted {name}" for name in LEGACY_HEADER[4:])
CURRENT = {
    "Impressions": "impressions",
    "Likes": "likes",
    "Engagements": "engagements",
    "Bookmarks": "bookmarks",
    "Shares": "shares",
    "New follows": "follows",
    "Replies": "replies",
    "Reposts": "reposts",
    "Profile visits": "profile_clicks",
    "Detail Expands": "detail_expands",
    "URL Clicks": "url_clicks",
    "Hashtag Clicks": "hashtag_clicks",
    "Permalink Clicks": "permalink_clicks",
}
WEEKDAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def legacy_table(posts: Posts, rows: np.ndarray, values: np.ndarray) -> pa.Table:
    """The forty columns of the older export."""
    column = {name: i for i, name in enumerate(METRICS)}
    stamps = posts.posted_at[rows].astype("datetime64[s]").astype(str)
    cells: dict[str, object] = {
        "Tweet id": [posts.post_id[i] for i in rows],
        "Tweet permalink": [
            f"https://twitter.com/{posts.handle[i]}/status/{posts.post_id[i]}" for i in rows
        ],
        "Tweet text": [posts.text[i] for i in rows],
        "time": [f"{s[:10]} {s[11:16]} +0000" for s in stamps],
    }
    for header in LEGACY_HEADER[4:]:
        if header == "engagement rate":
            cells[header] = optional_rate(values[:, 1], values[:, 0])
        elif header in LEGACY:
            cells[header] = [f"{v}.0" for v in values[:, column[LEGACY[header]]]]
        elif header in ("follows", "media views", "media engagements"):
            cells[header] = [str(v) for v in values[:, column[header.replace(" ", "_")]]]
        else:
            cells[header] = ["0"] * len(rows)
    for header in PROMOTED:
        cells[header] = ["-"] * len(rows)
    return text_table(cells, len(rows))


def current_table(posts: Posts, rows: np.ndarray, values: np.ndarray) -> pa.Table:
    """The columns of the export since mid-2025."""
    column = {name: i for i, name in enumerate(METRICS)}
    cells: dict[str, object] = {
        "Post id": [posts.post_id[i] for i in rows],
        "Date": [],
        "Post text": [posts.text[i] for i in rows],
        "Post Link": [f"https://x.com/{posts.handle[i]}/status/{posts.post_id[i]}" for i in rows],
    }
    for i in rows:
        day = int(posts.posted_at[i]) // 86_400
        date = str(np.datetime64(day, "D"))
        cells["Date"].append(
            f"{WEEKDAYS[day % 7]}, {MONTHS[int(date[5:7]) - 1]} {int(date[8:])}, {date[:4]}"
        )
    for header, metric in CURRENT.items():
        cells[header] = [str(v) for v in values[:, column[metric]]]
    return text_table(cells, len(rows))


def file_name(export: PostExport) -> str:
    """Names as the two generations give them, with the handle."""
    first, until = day_name(export.first), day_name(export.until)
    if export.is_legacy:
        return (
            f"tweet_activity_metrics_{export.handle}_{first.replace('-', '')}"
            f"_{until.replace('-', '')}_en.csv"
        )
    return f"account_analytics_content_{export.handle}_{first}_{until}.csv"


def write(landing: Landing, company: Company, posts: Posts, dirt: Dirt) -> None:
    """All post exports; some with a damaged id, one file twice under another name."""
    for number, export in enumerate(post_exports(company)):
        rows = rows_of(posts, export)[::-1]
        values = posts.metrics_at(rows, export.until)
        make = legacy_table if export.is_legacy else current_table
        table = make(posts, rows, values)
        name = file_name(export)
        if number % 6 == 4 and table.num_rows:
            key = table.column_names[0]
            table = dirt.broken(table, STREAM, name, [("damaged_id", {key: "1.87412E+18"})])
        data = csv_bytes(table, quote_header=export.is_legacy)
        landing.put(STREAM, name, data, export.until)
        if number == 2:
            copy = name.replace(".csv", "_copy.csv")
            landing.put(STREAM, copy, data, export.until)
            dirt.copied(STREAM, name, copy)
