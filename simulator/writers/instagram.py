"""Instagram as Business Suite and the API export it: posts and days of the account.

Headers and shapes are known here; numbers are known to `audience`. Files name the account by its
handle, documents by its number.
"""

from __future__ import annotations

import numpy as np

from simulator.audience import COLUMN, REACH_WINDOWS, Audience, AudienceExport, days_of, rows_of
from simulator.company import EXPORT_ZONES, INSTAGRAM, Company
from simulator.writers.audience_files import (
    american_day,
    document,
    end_of_day,
    exports_of,
    german_day,
    german_number,
    insight,
    wall_time,
)
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.zones import zone_of

MEDIA = f"{INSTAGRAM}/media"
ACCOUNT = f"{INSTAGRAM}/account"
POST_HEADER = {
    "Views": "impressions",
    "Likes": "reactions_like",
    "Shares": "shares",
    "Comments": "comments",
    "Saves": "saves",
    "Reach": "reach",
    "Follows": "follows",
}
GERMAN = {
    "Post ID": "Beitrags-ID",
    "Account ID": "Konto-ID",
    "Account username": "Benutzername des Kontos",
    "Account name": "Kontoname",
    "Description": "Beschreibung",
    "Duration (sec)": "Dauer (Sek.)",
    "Publish time": "Veröffentlichungszeit",
    "Post type": "Beitragsart",
    "Date": "Datum",
    "Views": "Aufrufe",
    "Likes": "Gefällt mir",
    "Shares": "Geteilte Inhalte",
    "Comments": "Kommentare",
    "Saves": "Gespeicherte Inhalte",
    "Reach": "Reichweite",
}
TYPES = {"IMAGE": "IG image", "VIDEO": "IG reel", "CAROUSEL_ALBUM": "IG carousel"}
DAY_HEADER = {
    "Followers": "followers",
    "New followers": "followers_gained",
    "Unfollows": "followers_lost",
    "Views": "impressions",
    "Profile visits": "profile_views",
    "Likes": "reactions",
    "Comments": "comments",
    "Shares": "shares",
    "Saves": "saves",
    "Interactions": "engagements_native",
}
# The API calls a day's new followers the count of followers, and tells neither all nor the lost.
API_DAYS = {
    "follower_count": "followers_gained",
    "views": "impressions",
    "profile_views": "profile_views",
    "likes": "reactions",
    "comments": "comments",
    "shares": "shares",
    "saves": "saves",
    "total_interactions": "engagements_native",
}
PERIODS = {1: "day", 28: "days_28"}


def suite_file(audience: Audience, export: AudienceExport, german: bool) -> dict[str, list[str]]:
    """Posts as Business Suite lists them."""
    posts = audience.posts
    account = audience.accounts[export.account]
    zone = zone_of(EXPORT_ZONES[INSTAGRAM])
    rows = rows_of(posts, export)[::-1]
    values = posts.metrics_at(rows, export.until)
    n = len(rows)
    cells = {
        "Post ID": [posts.post_id[i] for i in rows],
        "Account ID": [account.export_id] * n,
        "Account username": [account.profile_id] * n,
        "Account name": [account.name] * n,
        "Description": [posts.text[i] for i in rows],
        "Duration (sec)": [str(int(posts.duration_s[i])) for i in rows],
        "Publish time": [wall_time(int(posts.posted_at[i]), zone, german) for i in rows],
        "Permalink": [posts.permalink[i] for i in rows],
        "Post type": [TYPES[posts.post_type[i]] for i in rows],
        "Date": ["Gesamte Laufzeit" if german else "Lifetime"] * n,
    }
    for header, metric in POST_HEADER.items():
        numbers = values[:, COLUMN[metric]].tolist()
        cells[header] = [german_number(v) if german else str(v) for v in numbers]
    return {(GERMAN.get(h, h) if german else h): column for h, column in cells.items()}


def api_media(audience: Audience, export: AudienceExport) -> list[dict]:
    """Posts as the API returns them, with the interactions Business Suite leaves out."""
    posts = audience.posts
    account = audience.accounts[export.account]
    rows = rows_of(posts, export)
    found = []
    for i, values in zip(rows, posts.metrics_at(rows, export.until).tolist(), strict=True):
        told = {
            "reach": values[COLUMN["reach"]],
            "saved": values[COLUMN["saves"]],
            "total_interactions": values[COLUMN["engagements_native"]],
        }
        insights = [
            insight(posts.post_id[i], k, [{"value": v}], "lifetime") for k, v in told.items()
        ]
        found.append(
            {
                "id": posts.post_id[i],
                "caption": posts.text[i],
                "media_type": posts.post_type[i],
                "media_product_type": "REELS" if posts.post_type[i] == "VIDEO" else "FEED",
                "permalink": posts.permalink[i],
                "timestamp": str(np.datetime64(int(posts.posted_at[i]), "s")) + "+0000",
                "like_count": values[COLUMN["reactions_like"]],
                "comments_count": values[COLUMN["comments"]],
                "owner": {"id": account.export_id},
                "insights": {"data": insights},
            }
        )
    return found


def write_media(landing: Landing, company: Company, audience: Audience) -> None:
    """Monthly, posts of three months: a file of Business Suite and a document of the API."""
    for number, export in enumerate(exports_of(company, audience, INSTAGRAM)):
        german = number % 4 == 2
        cells = suite_file(audience, export, german)
        first = next(iter(cells.values()))
        if not first:
            continue
        data = csv_bytes(
            text_table(cells, len(first)), delimiter=";" if german else ",", bom=german
        )
        name = f"instagram_posts_{day_name(export.first)}_{day_name(export.until)}.csv"
        landing.put(MEDIA, name, data, export.until)
        name = f"media_{day_name(export.until)}.json"
        landing.put(MEDIA, name, document(api_media(audience, export)), export.until)


def account_insights(
    audience: Audience, export: AudienceExport, metrics: dict[str, str]
) -> list[dict]:
    """Days and windows of reach as the API returns them."""
    account, days = audience.accounts[export.account], audience.days
    zone = zone_of(account.day_zone)
    stamps = [end_of_day(day, zone) for day in days_of(export)]
    found = []
    for name, metric in metrics.items():
        told = [days.value(export.account, metric, day, export.until) for day in days_of(export)]
        values = [{"value": v, "end_time": end} for v, end in zip(told, stamps, strict=True)]
        found.append(insight(account.export_id, name, values))
    for window in REACH_WINDOWS[INSTAGRAM]:
        people = days.reach[window, "total"][export.account]
        told = [int(people[day - days.first_day]) for day in days_of(export)]
        values = [{"value": v, "end_time": end} for v, end in zip(told, stamps, strict=True)]
        found.append(insight(account.export_id, "reach", values, PERIODS[window]))
    return found


def day_file(
    audience: Audience, export: AudienceExport, headers: dict[str, str], german: bool
) -> dict[str, list[str]]:
    """Days as Business Suite lists them."""
    show_day, show = (german_day, german_number) if german else (american_day, str)
    days = audience.days
    cells = {"Datum" if german else "Date": [show_day(day) for day in days_of(export)]}
    for header, metric in headers.items():
        cells[header] = [
            show(days.value(export.account, metric, day, export.until)) for day in days_of(export)
        ]
    return cells


def write_account(landing: Landing, company: Company, audience: Audience) -> None:
    """Monthly: days by Business Suite and reach by the API, or all the API has by the API."""
    for number, export in enumerate(exports_of(company, audience, INSTAGRAM, of_days=True)):
        account = audience.accounts[export.account]
        stamp = day_name(export.until)
        german = number % 2 == 1
        headers = DAY_HEADER
        if german:
            headers = {"Follower": "followers", "Verlorene Follower": "followers_lost"}
        cells = day_file(audience, export, headers, german)
        n = len(days_of(export))
        data = csv_bytes(text_table(cells, n), delimiter=";" if german else ",", bom=True)
        landing.put(ACCOUNT, f"{account.profile_id}/account_{stamp}.csv", data, export.until)
        told = account_insights(audience, export, API_DAYS if german else {})
        landing.put(ACCOUNT, f"insights_{stamp}.json", document(told), export.until)


def write(landing: Landing, company: Company, audience: Audience) -> None:
    """Both streams."""
    write_media(landing, company, audience)
    write_account(landing, company, audience)
