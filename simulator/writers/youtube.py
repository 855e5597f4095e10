"""Tables of videos as YouTube Studio zips them, with a total row and charts nobody reads.

Headers, file names and where the total stands are known here; which videos there are, and their
numbers, are known to `audience`.
"""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pyarrow as pa

from simulator.audience import COLUMN, Account, Audience, post_exports, rows_of
from simulator.company import Company
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.writers.x import MONTHS
from simulator.zones import DAY, zone_of

STREAM = "youtube/videos"
COUNTS = {
    "Views": "video_views",
    "Subscribers": "follows",
    "Likes": "reactions_like",
    "Comments added": "comments",
    "Shares": "shares",
}
# Called `Impressions` before.
RENAMED_FROM = 6


def day_words(day: int) -> str:
    """`Jan 6, 2024`."""
    date = str(np.datetime64(day, "D"))
    return f"{MONTHS[int(date[5:7]) - 1]} {int(date[8:])}, {date[:4]}"


def length(seconds: int, number: int) -> str:
    """Seconds, or hours, minutes and seconds."""
    if number % 2:
        return str(seconds)
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def table(
    account: Account, audience: Audience, rows: np.ndarray, until: int, number: int
) -> pa.Table:
    """One table of videos with its total row, first in even exports and last in odd ones."""
    posts = audience.posts
    values = posts.metrics_at(rows, until)
    zone = zone_of(account.day_zone)
    seconds = posts.duration_s[rows]
    hours = np.round(values[:, COLUMN["video_views"]] * seconds * 0.4 / 3600, 4)
    columns: dict[str, list[str | None]] = {
        "Content": [posts.post_id[i] for i in rows],
        "Video title": [posts.text[i] for i in rows],
        "Video publish time": [
            day_words(int(t) // DAY) for t in np.atleast_1d(zone.local(posts.posted_at[rows]))
        ],
        "Duration": [length(int(s), number) for s in seconds],
        "Watch time (hours)": [f"{h:.4f}" for h in hours],
    }
    total: dict[str, str | None] = {"Content": "Total", "Watch time (hours)": f"{hours.sum():.4f}"}
    counts = {header: values[:, COLUMN[metric]] for header, metric in COUNTS.items()}
    thumbnails = "Thumbnail impressions" if number >= RENAMED_FROM else "Impressions"
    # A thumbnail is shown more often than clicked; Shorts have none.
    counts[thumbnails] = np.array(
        [
            0 if posts.post_type[i] == "short" else 7 * n
            for i, n in zip(rows, counts["Views"], strict=True)
        ]
    )
    for header, whole in counts.items():
        columns[header] = [str(v) for v in whole]
        total[header] = str(int(whole.sum()))
    columns["Content type"] = ["Shorts" if posts.post_type[i] == "short" else "Video" for i in rows]
    is_first = number % 2 == 0
    cells = {
        header: [total.get(header), *cell] if is_first else [*cell, total.get(header)]
        for header, cell in columns.items()
    }
    return text_table(cells, len(rows) + 1)


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive without the time it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def write(landing: Landing, company: Company, audience: Audience) -> None:
    """Monthly exports of all videos, each in the folder of its channel."""
    exports = [
        export
        for export in post_exports(company, audience.accounts)
        if audience.accounts[export.account].source == "youtube"
    ]
    for number, export in enumerate(exports):
        account = audience.accounts[export.account]
        rows = rows_of(audience.posts, export)[::-1]
        if not len(rows):
            continue
        content = csv_bytes(table(account, audience, rows, export.until, number))
        name = f"Content {day_name(export.first)}_{day_name(export.until)} {account.name}.zip"
        files = {"Table data.csv": content, "Chart data.csv": b"Date,Content,Views\n"}
        landing.put(STREAM, f"{account.profile_id}/{name}", zipped(files), export.until)
