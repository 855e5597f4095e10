"""LinkedIn as its page's admins and the API export it: days, posts and followers of the page.

Headers, sheets and shapes are known here; numbers are known to `audience`. Days are UTC.
"""

from __future__ import annotations

import io
import json
import re
import zipfile

from simulator.audience import COLUMN, Audience, AudienceExport, days_of, rows_of
from simulator.company import LINKEDIN, Company
from simulator.writers.audience_files import (
    american_day,
    document,
    exports_of,
    german_day,
    german_number,
)
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.writers.youtube import zipped
from simulator.zones import DAY, iso_day

# (our word, in English, before it was renamed, in German)
COUNTS = (
    ("impressions", "Impressions", "Impressions", "Impressionen"),
    ("link_clicks", "Clicks", "Clicks", "Klicks"),
    ("reactions", "Reactions", "Reactions", "Reaktionen"),
    ("comments", "Comments", "Comments", "Kommentare"),
    ("shares", "Reposts", "Shares", "Geteilte Inhalte"),
)
RENAMED_FROM = 6
STATISTICS = {
    "impressionCount": "impressions",
    "clickCount": "link_clicks",
    "likeCount": "reactions",
    "commentCount": "comments",
    "shareCount": "shares",
}
POST_HEADER = (
    "Post title",
    "Post link",
    "Post type",
    "Campaign name",
    "Posted by",
    "Created date",
    "Campaign start date",
    "Campaign end date",
    "Audience",
    "Impressions",
    "Views (Excluding offsite video views)",
    "Offsite Views",
    "Clicks",
    "Click through rate (CTR)",
    "Likes",
    "Comments",
    "Reposts",
    "Follows",
    "Engagement rate",
    "Content Type",
)
CONTENT_TYPES = {"ARTICLE": "Article", "IMAGE": "", "VIDEO": "Video"}

Sheet = list[list[object]]


def urn(page: str) -> str:
    """An organisation as the API names it."""
    return f"urn:li:organization:{page}"


def workbook(sheets: dict[str, Sheet]) -> bytes:
    """An Excel file without the time it was made; texts stay texts, whatever they begin with."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, cells in enumerate(rows, start=1):
            for c, value in enumerate(cells, start=1):
                cell = sheet.cell(r, c, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    files[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", files[core])
    return zipped(files)


def metrics_sheet(audience: Audience, export: AudienceExport, number: int) -> Sheet:
    """Days of the page below a line that nobody asked for."""
    place = 1 if number >= RENAMED_FROM else 2
    header: list[object] = ["Date"]
    for words in COUNTS:
        header += [f"{words[place]} ({kind})" for kind in ("organic", "sponsored", "total")]
    rows: Sheet = [["Aggregated data of the page"], header]
    for day in days_of(export):
        cells: list[object] = [american_day(day)]
        for metric, *_ in COUNTS:
            value = audience.days.value(export.account, metric, day, export.until)
            cells += [value - value // 10, value // 10, value]
        rows.append(cells)
    return rows


def posts_sheet(audience: Audience, export: AudienceExport) -> Sheet:
    """Posts with their lifetime numbers; the link is their only name."""
    posts = audience.posts
    rows = rows_of(posts, export)[::-1]
    sheet: Sheet = [["Aggregated data of the page"], list(POST_HEADER)]
    for i, values in zip(rows, posts.metrics_at(rows, export.until).tolist(), strict=True):
        told = {name: values[COLUMN[name]] for name in ("impressions", "link_clicks", "follows")}
        seen = max(told["impressions"], 1)
        cells: dict[str, object] = {
            "Post title": posts.text[i],
            "Post link": f"https://www.linkedin.com/feed/update/{posts.post_id[i]}/",
            "Post type": "Organic",
            "Created date": american_day(int(posts.posted_at[i]) // DAY),
            "Audience": "All followers",
            "Impressions": told["impressions"],
            "Offsite Views": 0,
            "Clicks": told["link_clicks"],
            "Click through rate (CTR)": round(told["link_clicks"] / seen, 6),
            "Likes": values[COLUMN["reactions"]],
            "Comments": values[COLUMN["comments"]],
            "Reposts": values[COLUMN["shares"]],
            "Content Type": CONTENT_TYPES[posts.post_type[i]],
        }
        sheet.append([cells.get(header) for header in POST_HEADER])
    return sheet


def statistics(values: dict[str, int]) -> dict[str, float]:
    """Totals as the API returns them."""
    engaged = values["clickCount"] + values["likeCount"]
    engaged += values["commentCount"] + values["shareCount"]
    return {**values, "engagement": engaged / max(values["impressionCount"], 1)}


def api_days(audience: Audience, export: AudienceExport) -> list[dict]:
    """Days of the page as the API returns them."""
    account = audience.accounts[export.account]
    found = []
    for day in days_of(export):
        told = {
            name: audience.days.value(export.account, metric, day, export.until)
            for name, metric in STATISTICS.items()
        }
        found.append(
            {
                "organizationalEntity": urn(account.export_id),
                "timeRange": {"start": day * DAY * 1000, "end": (day + 1) * DAY * 1000},
                "totalShareStatistics": statistics(told),
            }
        )
    return found


def api_posts(audience: Audience, export: AudienceExport) -> list[dict]:
    """Lifetime numbers of posts as the API returns them."""
    posts = audience.posts
    account = audience.accounts[export.account]
    rows = rows_of(posts, export)
    found = []
    for i, values in zip(rows, posts.metrics_at(rows, export.until).tolist(), strict=True):
        told = {name: values[COLUMN[metric]] for name, metric in STATISTICS.items()}
        found.append(
            {
                "organizationalEntity": urn(account.export_id),
                "share": posts.post_id[i],
                "totalShareStatistics": statistics(told),
            }
        )
    return found


def german_file(audience: Audience, export: AudienceExport) -> bytes:
    """Days of the page as a German admin's CSV."""
    cells = {"Datum": [german_day(day) for day in days_of(export)]}
    for metric, *_, word in COUNTS:
        cells[f"{word} (gesamt)"] = [
            german_number(audience.days.value(export.account, metric, day, export.until))
            for day in days_of(export)
        ]
    return csv_bytes(text_table(cells, len(days_of(export))), delimiter=";", bom=True)


def write_content(landing: Landing, company: Company, audience: Audience) -> None:
    """`metrics` and `posts`: monthly, mostly one workbook that is put into both folders."""
    by_days = exports_of(company, audience, LINKEDIN, of_days=True)
    by_posts = exports_of(company, audience, LINKEDIN)
    for number, (days, posts) in enumerate(zip(by_days, by_posts, strict=True)):
        page = audience.accounts[days.account].profile_id
        stamp = day_name(days.until)
        sheets = {
            "Metrics": metrics_sheet(audience, days, number),
            "All posts": posts_sheet(audience, posts),
        }
        data = workbook(sheets)
        name = f"{page}/{page}_content_{stamp}.xlsx"
        landing.put(f"{LINKEDIN}/posts", name, data, days.until)
        if number % 3 == 1:
            told = document(api_days(audience, days), "elements")
            landing.put(f"{LINKEDIN}/metrics", f"share_statistics_{stamp}.json", told, days.until)
            told = document(api_posts(audience, posts), "elements")
            landing.put(f"{LINKEDIN}/posts", f"share_statistics_{stamp}.json", told, days.until)
        elif number % 3 == 2:
            name = f"{page}/Kennzahlen_{stamp}.csv"
            landing.put(f"{LINKEDIN}/metrics", name, german_file(audience, days), days.until)
        else:
            landing.put(f"{LINKEDIN}/metrics", name, data, days.until)


def write_followers(landing: Landing, company: Company, audience: Audience) -> None:
    """`followers`: new ones by sheet or API; the number of all as a client saved it daily."""
    for number, export in enumerate(exports_of(company, audience, LINKEDIN, of_days=True)):
        account, numbers = audience.accounts[export.account], audience.days
        stamp, page = day_name(export.until), account.profile_id
        gained = {
            day: numbers.value(export.account, "followers_gained", day, export.until)
            for day in days_of(export)
        }
        if number % 2:
            rows = [
                {
                    "organizationalEntity": urn(account.export_id),
                    "timeRange": {"start": day * DAY * 1000, "end": (day + 1) * DAY * 1000},
                    "followerGains": {
                        "organicFollowerGain": value - value // 8,
                        "paidFollowerGain": value // 8,
                    },
                }
                for day, value in gained.items()
            ]
            data = document(rows, "elements")
            landing.put(f"{LINKEDIN}/followers", f"gains_{stamp}.json", data, export.until)
        else:
            header = ["Date", "Sponsored followers", "Organic followers", "Total followers"]
            sheet: Sheet = [header]
            sheet += [[american_day(d), v // 8, v - v // 8, v] for d, v in gained.items()]
            places: Sheet = [["Location", "Total followers"], ["Greater Boston", 1200]]
            data = workbook({"New followers": sheet, "Location": places})
            name = f"{page}/{page}_followers_{stamp}.xlsx"
            landing.put(f"{LINKEDIN}/followers", name, data, export.until)
        sizes = [
            {
                "organizationalEntity": urn(account.export_id),
                "date": iso_day(day),
                "firstDegreeSize": numbers.value(export.account, "followers", day, export.until),
            }
            for day in days_of(export)
        ]
        lines = "".join(json.dumps(size) + "\n" for size in sizes)
        name = f"network_sizes_{stamp}.json"
        landing.put(f"{LINKEDIN}/followers", name, lines.encode(), export.until)


def write(landing: Landing, company: Company, audience: Audience) -> None:
    """All three streams."""
    write_content(landing, company, audience)
    write_followers(landing, company, audience)
