"""Exports of LinkedIn: workbooks of several sheets, CSV, statistics of the API.

What the models make of them is tested beside the models.
"""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

at = datetime.fromisoformat

METRICS_HEADER = [
    "Date",
    "Impressions (organic)",
    "Impressions (sponsored)",
    "Impressions (total)",
    "Unique impressions (organic)",
    "Clicks (total)",
    "Reactions (total)",
    "Comments (total)",
    "Shares (total)",
    "Engagement rate (organic)",
    "Engagement rate (sponsored)",
    "Engagement rate (total)",
]
POSTS_HEADER = [
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
]
LINK = "https://www.linkedin.com/feed/update/urn:li:activity:7280000000000000001"
POST = ["Hi\nthere", LINK, "Organic", "", "Ada", "03/27/2026", "", "", "All followers"]
POST += [1500, 0, 0, 12, 0.008, 40, 5, 3, 1, 0.04, ""]
PREAMBLE = ["Aggregated data of the page between 03/01/2026 and 03/31/2026"]
URN = "urn:li:organization:2414183"
DAY_MS = 86_400_000


def workbook(zone, file: str, sheets: dict[str, list[list]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = zone.landing / file
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def content_export(zone, folder: str, **renamed: str) -> None:
    metrics = [PREAMBLE, METRICS_HEADER, ["03/01/2026", 100, 20, 120, 80, 9, 7, 2, 1, 0, 0, 0]]
    sheets = {"Metrics": metrics, "All posts": [PREAMBLE, POSTS_HEADER, POST]}
    sheets = {renamed.get(name.replace(" ", "_"), name): rows for name, rows in sheets.items()}
    workbook(zone, f"{folder}/lumen_content_2026-04-01.xlsx", sheets)


@pytest.mark.parametrize("renamed", [{}, {"Metrics": "Kennzahlen", "All_posts": "Alle Beiträge"}])
def test_each_stream_reads_its_own_sheet_of_one_workbook(zone, renamed) -> None:
    content_export(zone, "linkedin/metrics", **renamed)
    content_export(zone, "linkedin/posts/2414183", **renamed)
    report = zone.extract("linkedin/metrics")
    zone.extract("linkedin/posts")
    (day,) = zone.rows("linkedin/metrics")
    assert day["date"] == date(2026, 3, 1)
    assert (day["impressions_organic"], day["impressions_total"]) == (100, 120)
    assert (day["reposts_total"], day["clicks_organic"]) == (1, None)
    (post,) = zone.rows("linkedin/posts")
    assert (post["link"], post["created_on"]) == (LINK, date(2026, 3, 27))
    assert (post["impressions"], post["views"], post["likes"]) == (1500, 0, 40)
    assert (post["title"], post["page_folder"]) == ("Hi\nthere", "2414183")
    assert post["_extra"] is None
    (warning,) = report.files[0].warnings
    assert "lines before the data" in warning


def test_a_sheet_of_an_unknown_name_is_found_by_its_header(zone) -> None:
    content_export(zone, "linkedin/posts", Metrics="Données", All_posts="Toutes les publications")
    report = zone.extract("linkedin/posts")
    assert any("not 'Données'" in warning for warning in report.files[0].warnings)
    assert [row["link"] for row in zone.rows("linkedin/posts")] == [LINK]


def test_a_workbook_without_the_sheet_is_refused(zone) -> None:
    rows = [["Location", "Total followers"], ["Berlin", 7]]
    workbook(zone, "linkedin/followers/a.xlsx", {"Location": rows})
    report = zone.extract("linkedin/followers")
    assert report.files[0].status == "rejected"
    assert "expected date" in report.files[0].message


def test_new_followers_are_told_by_day(zone) -> None:
    rows = [
        ["Date", "Sponsored followers", "Organic followers", "Total followers"],
        ["03/01/2026", 1, 5, 6],
    ]
    places = [["Location", "Total followers"], ["Berlin", 7]]
    workbook(
        zone, "linkedin/followers/f_2026-04-01.xlsx", {"Location": places, "New followers": rows}
    )
    zone.extract("linkedin/followers")
    (row,) = zone.rows("linkedin/followers")
    assert (row["date"], row["new_followers"], row["organic"]) == (date(2026, 3, 1), 6, 5)


def test_an_old_workbook_is_refused_with_what_to_do(zone) -> None:
    done = zone.load(
        "linkedin/metrics/lumen_content_1711929600000.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
    )
    assert done.status == "rejected"
    assert "save it as .xlsx" in done.message


def test_german_csv(zone) -> None:
    zone.load(
        "linkedin/metrics/Kennzahlen_2025-10-03.csv",
        "\ufeffDatum;Impressionen (organisch);Impressionen (gesamt);Reaktionen (gesamt);"
        "Kommentare (gesamt);Geteilte Inhalte (gesamt)\n01.10.2025;1.500;1.700;12;3;1\n",
    )
    (row,) = zone.rows("linkedin/metrics")
    assert (row["date"], row["impressions_organic"]) == (date(2025, 10, 1), 1500)
    assert (row["impressions_total"], row["reposts_total"]) == (1700, 1)


def test_statistics_of_the_api(zone) -> None:
    start = int(datetime.fromisoformat("2026-03-01T00:00:00+00:00").timestamp() * 1000)
    total = {"clickCount": 9, "likeCount": -2, "commentCount": 1, "shareCount": 0}
    total |= {"impressionCount": 120, "engagement": 0.07, "uniqueImpressionsCount": 80}
    span = {"start": start, "end": start + DAY_MS}
    day = {"organizationalEntity": URN, "timeRange": span, "totalShareStatistics": total}
    post = {"organizationalEntity": URN, "ugcPost": "urn:li:ugcPost:1"}
    post |= {"totalShareStatistics": total}
    done = zone.load(
        "linkedin/metrics/day.json", json.dumps({"paging": {}, "elements": [day]}, indent=1)
    )
    assert not done.warnings
    zone.load("linkedin/posts/posts.json", json.dumps({"elements": [post]}))
    (row,) = zone.rows("linkedin/metrics")
    assert (row["span_start"], row["span_end"]) == (at("2026-03-01"), at("2026-03-02"))
    # An unlike of a sponsored like: below zero, and no fault.
    assert (row["like_count"], row["impression_count"], row["organisation"]) == (-2, 120, URN)
    (row,) = zone.rows("linkedin/posts")
    assert (row["ugc_post"], row["click_count"]) == ("urn:li:ugcPost:1", 9)


def test_followers_of_the_api(zone) -> None:
    gains = {"organicFollowerGain": 4, "paidFollowerGain": -1}
    span = {"start": 1_772_323_200_000, "end": 1_772_409_600_000}
    zone.load(
        "linkedin/followers/gains.json",
        json.dumps(
            {"elements": [{"organizationalEntity": URN, "timeRange": span, "followerGains": gains}]}
        ),
    )
    zone.load("linkedin/followers/2414183/size_2026-04-01.json", '{"firstDegreeSize": 18200}')
    size, gain = zone.rows("linkedin/followers")
    assert (gain["gained_organic"], gain["gained_paid"]) == (4, -1)
    assert gain["span_start"] == at("2026-03-01")
    assert (size["network_size"], size["page_folder"]) == (18200, "2414183")
