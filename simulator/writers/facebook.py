"""Facebook as its page's admins and the API export it: posts and days of the page.

Headers and shapes are known here: files of Business Suite in English and German, one of them saved
by a spreadsheet, documents of the API, tables copied from it. Numbers are known to `audience`.
"""

from __future__ import annotations

import numpy as np

from simulator.audience import (
    COLUMN,
    REACH_KINDS,
    REACH_WINDOWS,
    Audience,
    AudienceExport,
    days_of,
    rows_of,
)
from simulator.company import EXPORT_ZONES, FACEBOOK, Company
from simulator.dirt import Dirt
from simulator.writers.audience_files import (
    document,
    end_of_day,
    exports_of,
    german_day,
    german_number,
    insight,
    wall_time,
)
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.zones import iso_day, zone_of

POSTS = f"{FACEBOOK}/posts"
PAGES = f"{FACEBOOK}/pages"
POST_HEADER = {
    "Views": "impressions",
    "Reach": "reach",
    "Reactions": "reactions",
    "Comments": "comments",
    "Shares": "shares",
    "Link clicks": "link_clicks",
    "Other clicks": "other_clicks",
    "3-second video views": "video_views",
}
GERMAN = {
    "Post ID": "Beitrags-ID",
    "Page ID": "Seiten-ID",
    "Page name": "Seitenname",
    "Description": "Beschreibung",
    "Duration (sec)": "Dauer (Sek.)",
    "Publish time": "Veröffentlichungszeit",
    "Post type": "Beitragsart",
    "Date": "Datum",
    "Views": "Aufrufe",
    "Reach": "Reichweite",
    "Reactions": "Reaktionen",
    "Comments": "Kommentare",
    "Shares": "Geteilte Inhalte",
    "Link clicks": "Link-Klicks",
    "Other clicks": "Sonstige Klicks",
}
TYPES = {"photo": "Photos", "video": "Videos", "link": "Links", "status": "Status updates"}
STATUS_TYPES = {
    "photo": "added_photos",
    "video": "added_video",
    "link": "shared_story",
    "status": "mobile_status_update",
}
# The API has its own words for two kinds.
KINDS = {
    "like": "like",
    "love": "love",
    "care": "care",
    "haha": "haha",
    "wow": "wow",
    "sad": "sorry",
    "angry": "anger",
}
DAY_NAMES = {
    "followers": "page_fans",
    "followers_gained": "page_fan_adds",
    "followers_lost": "page_fan_removes",
    "impressions": "page_impressions",
    "engagements_native": "page_post_engagements",
    "profile_views": "page_views_total",
}
GERMAN_DAYS = {
    "followers": "Seiten-Follower",
    "followers_gained": "Neue Follower",
    "followers_lost": "Verlorene Follower",
    "impressions": "Aufrufe",
    "engagements_native": "Interaktionen",
    "profile_views": "Seitenaufrufe",
}
REACH_NAMES = {
    "total": "page_impressions_unique",
    "organic": "page_impressions_organic_unique",
    "paid": "page_impressions_paid_unique",
}
PERIODS = {1: "day", 7: "week", 28: "days_28"}


def suite_file(audience: Audience, export: AudienceExport, number: int) -> dict[str, list[str]]:
    """Posts as Business Suite lists them; every fourth file is German, every fourth damaged."""
    posts = audience.posts
    account = audience.accounts[export.account]
    german, damaged = number % 4 == 3, number % 4 == 1
    zone = zone_of(EXPORT_ZONES[FACEBOOK])
    rows = rows_of(posts, export)[::-1]
    values = posts.metrics_at(rows, export.until)
    n = len(rows)
    ids = [posts.post_id[i].split("_")[1] for i in rows]
    cells = {
        "Post ID": ["1.22158E+17"] * n if damaged else ids,
        "Page ID": ["1.04858E+14" if damaged else account.profile_id] * n,
        "Page name": [account.name] * n,
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
    headers = list(cells)
    if number % 2:
        # The order of the columns is the tool's mood.
        headers = headers[3:] + headers[:3]
    return {(GERMAN.get(h, h) if german else h): cells[h] for h in headers}


def api_posts(audience: Audience, export: AudienceExport) -> list[dict]:
    """Posts as the API returns them, with their kinds of reactions."""
    posts = audience.posts
    account = audience.accounts[export.account]
    rows = rows_of(posts, export)
    found = []
    for i, values in zip(rows, posts.metrics_at(rows, export.until).tolist(), strict=True):
        kinds = {word: values[COLUMN[f"reactions_{kind}"]] for kind, word in KINDS.items()}
        told = {
            "post_impressions": values[COLUMN["impressions"]],
            "post_reactions_by_type_total": kinds,
        }
        insights = [
            insight(posts.post_id[i], k, [{"value": v}], "lifetime") for k, v in told.items()
        ]
        found.append(
            {
                "id": posts.post_id[i],
                "page_id": account.profile_id,
                "created_time": str(np.datetime64(int(posts.posted_at[i]), "s")) + "+0000",
                "message": posts.text[i],
                "permalink_url": posts.permalink[i],
                "status_type": STATUS_TYPES[posts.post_type[i]],
                "is_published": True,
                "shares": {"count": values[COLUMN["shares"]]},
                "reactions": {"summary": {"total_count": values[COLUMN["reactions"]]}},
                "comments": {"summary": {"total_count": values[COLUMN["comments"]]}},
                "insights": {"data": insights},
            }
        )
    return found


def write_posts(landing: Landing, company: Company, audience: Audience, dirt: Dirt) -> None:
    """Monthly, posts of three months: a file of Business Suite and a document of the API."""
    for number, export in enumerate(exports_of(company, audience, FACEBOOK)):
        cells = suite_file(audience, export, number)
        first = next(iter(cells.values()))
        if not first:
            continue
        german = number % 4 == 3
        table = text_table(cells, len(first))
        name = f"facebook_posts_{day_name(export.first)}_{day_name(export.until)}.csv"
        if number % 4 == 2:
            link = f"https://facebook.example/refused/{number}"
            broken = {"Post ID": f"9{number}", "Permalink": link, "Reactions": "-5"}
            table = dirt.broken(table, POSTS, name, [("negative_count", broken)])
        data = csv_bytes(table, delimiter=";" if german else ",", bom=True)
        landing.put(POSTS, name, data, export.until)
        name = f"page_posts_{day_name(export.until)}.json"
        landing.put(POSTS, name, document(api_posts(audience, export)), export.until)


def day_insights(
    audience: Audience,
    export: AudienceExport,
    metrics: dict[str, str],
    reach: list[tuple[int, str]],
) -> list[dict]:
    """Days and windows of the page as the API returns them."""
    account, days = audience.accounts[export.account], audience.days
    zone = zone_of(account.day_zone)
    found = []
    for metric, name in metrics.items():
        values = [
            {
                "value": days.value(export.account, metric, day, export.until),
                "end_time": end_of_day(day, zone),
            }
            for day in days_of(export)
        ]
        found.append(insight(account.export_id, name, values))
    for window, kind in reach:
        values = [
            {
                "value": int(days.reach[window, kind][export.account, day - days.first_day]),
                "end_time": end_of_day(day, zone),
            }
            for day in days_of(export)
        ]
        found.append(insight(account.export_id, REACH_NAMES[kind], values, PERIODS[window]))
    return found


def day_table(
    audience: Audience, export: AudienceExport, headers: dict[str, str], german: bool
) -> dict[str, list[str]]:
    """Days as rows, with the day's reach."""
    shown = german_number if german else str
    days = audience.days
    cells = {
        header: [
            shown(days.value(export.account, metric, day, export.until)) for day in days_of(export)
        ]
        for metric, header in headers.items()
    }
    reach = {"total": "Reichweite"} if german else REACH_NAMES
    for kind, header in reach.items():
        people = days.reach[1, kind][export.account]
        cells[header] = [shown(int(people[day - days.first_day])) for day in days_of(export)]
    return cells


def write_pages(landing: Landing, company: Company, audience: Audience) -> None:
    """Monthly: everything by the API, a table copied from it, or a German file of Business Suite.

    Windows of several days come by the API alone.
    """
    for number, export in enumerate(exports_of(company, audience, FACEBOOK, of_days=True)):
        account = audience.accounts[export.account]
        days = list(days_of(export))
        stamp = day_name(export.until)
        metrics: dict[str, str] = {}
        by_api = [(window, kind) for window in REACH_WINDOWS[FACEBOOK] for kind in REACH_KINDS]
        if number % 3 == 0:
            metrics = DAY_NAMES
        elif number % 3 == 1:
            by_api = [(window, kind) for window, kind in by_api if window > 1]
            cells = {
                "date": [iso_day(day) for day in days],
                "page_id": [account.export_id] * len(days),
                **day_table(audience, export, DAY_NAMES, german=False),
            }
            data = csv_bytes(text_table(cells, len(days)))
            landing.put(PAGES, f"daily_page_metrics_total_{stamp}.csv", data, export.until)
        else:
            by_api.remove((1, "total"))
            cells = {
                "Datum": [german_day(day) for day in days],
                **day_table(audience, export, GERMAN_DAYS, german=True),
            }
            data = csv_bytes(text_table(cells, len(days)), delimiter=";", bom=True)
            landing.put(PAGES, f"{account.profile_id}/Seite_{stamp}.csv", data, export.until)
        data = document(day_insights(audience, export, metrics, by_api))
        landing.put(PAGES, f"page_insights_{stamp}.json", data, export.until)


def write(landing: Landing, company: Company, audience: Audience, dirt: Dirt) -> None:
    """Both streams."""
    write_posts(landing, company, audience, dirt)
    write_pages(landing, company, audience)
