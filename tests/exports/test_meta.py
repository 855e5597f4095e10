"""Exports of Facebook and Instagram: API documents, daily tables, Business Suite in two languages.

What the models make of them is tested beside the models.
"""

from __future__ import annotations

import json
from datetime import datetime

import pytest

at = datetime.fromisoformat

FACEBOOK_HEADER = (
    "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Caption type,"
    "Permalink,Is crosspost,Is share,Post type,Languages,Custom labels,Data comment,Date,Views,"
    'Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares,Total clicks,Other clicks,'
    "Link clicks\n"
)
INSTAGRAM_HEADER = (
    "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,"
    "Permalink,Post type,Data comment,Date,Views,Likes,Shares,Comments,Saves,Reach,Follows\n"
)
PAGE = "104857600000001"
LINK = "https://www.facebook.com/lumenworks/posts/pfbid0"


def facebook_post(post_id: str, link: str = LINK, text: str = "Hi", when="03/27/2026 06:08"):
    return (
        f'{post_id},{PAGE},Lumen,,"{text}",0,{when},,{link},0,0,Photos,,,,Lifetime,'
        '"1,500",900,60,40,15,5,20,8,12\n'
    )


def insights(name: str, *values: tuple[object, str], period: str = "day") -> dict:
    return {
        "name": name,
        "period": period,
        "values": [{"value": value, "end_time": end} for value, end in values],
        "title": name,
        "description": "…",
        "id": f"{PAGE}/insights/{name}/{period}",
    }


def test_facebook_posts_of_business_suite(zone):
    done = zone.load(
        "facebook/posts/Mar-01-2026_Mar-31-2026_2026-04-01.csv",
        "\ufeff"
        + FACEBOOK_HEADER
        + facebook_post(f"{PAGE}_122158000000000001", text='two\nlines; ""quoted"" 🚀'),
    )
    (row,) = zone.rows("facebook/posts")
    assert row["post_id"] == f"{PAGE}_122158000000000001"
    assert row["text"] == 'two\nlines; "quoted" 🚀'
    assert (row["posted_at"], row["covers"]) == (at("2026-03-27 06:08"), "lifetime")
    assert (row["impressions"], row["reach"], row["reactions"]) == (1500, 900, 40)
    assert (row["clicks"], row["other_clicks"], row["link_clicks"]) == (20, 8, 12)
    assert row["_extra"] is None
    (warning,) = done.warnings
    assert "WAREHOUSE_EXPORT_ZONES=facebook=" in warning


def test_publish_times_are_read_in_the_zone_of_the_setting(zone):
    from orchestration.exports.registry import stream

    zone.drop("facebook/posts/a.csv", FACEBOOK_HEADER + facebook_post("1"))
    zone.extract("facebook/posts", stream=stream("facebook/posts").in_zone("America/Los_Angeles"))
    (row,) = zone.rows("facebook/posts")
    assert row["posted_at"] == at("2026-03-27 13:08")


def test_columns_of_business_suite_come_in_any_order(zone):
    zone.load(
        "instagram/media/a_2026-04-01.csv",
        "Saves,Reach,Post ID,Publish time,Date,Account username,Views\n"
        "4,45,1801,03/27/2026 06:08,Lifetime,LumenBoards,160\n",
    )
    (row,) = zone.rows("instagram/media")
    assert (row["media_id"], row["username"]) == ("1801", "LumenBoards")
    assert (row["saves"], row["reach"], row["impressions"], row["likes"]) == (4, 45, 160, None)


def test_german_business_suite(zone):
    zone.load(
        "facebook/pages/104857600000001/Seite_2026-10-02.csv",
        "\ufeffDatum;Seiten-Follower;Reichweite\n01.10.2025;1.500;12.000\n02.10.2025;980;1.234\n",
    )
    first, second = zone.rows("facebook/pages")
    assert (first["date"], first["date_is_day"]) == (at("2025-10-01"), True)
    assert (first["followers"], first["reach"]) == (1500, 12000)
    assert (second["followers"], second["reach"]) == (980, 1234)
    assert first["page_folder"] == "104857600000001"
    zone.load(
        "instagram/media/Beitraege.csv",
        "Beitrags-ID;Konto-ID;Benutzername des Kontos;Beschreibung;Veröffentlichungszeit;Permalink;"
        "Beitragsart;Datum;Aufrufe;Gefällt mir;Kommentare;Gespeicherte Inhalte;Reichweite\n"
        '1801;1784;lumenboards;"eins; zwei\ndrei";01.10.2025 18:05;https://i.example/p/1;IG Reel;'
        "Gesamte Laufzeit;1.500;12;3;1.001;900\n",
    )
    (row,) = zone.rows("instagram/media")
    assert (row["posted_at"], row["covers"]) == (at("2025-10-01 18:05"), "lifetime")
    assert row["text"] == "eins; zwei\ndrei"
    assert (row["impressions"], row["likes"], row["saves"]) == (1500, 12, 1001)


def test_an_id_that_a_spreadsheet_damaged_stands_aside_for_the_link(zone):
    done = zone.load(
        "facebook/posts/a_2026-04-01.csv",
        FACEBOOK_HEADER
        + facebook_post("1.22158E+17", link="https://f.example/1")
        + facebook_post("1.22158E+17", link="https://f.example/2")
        + facebook_post("1.22158E+17", link=""),
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (2, 1)
    assert [(row["post_id"], row["permalink"]) for row in zone.rows("facebook/posts")] == [
        (None, "https://f.example/1"),
        (None, "https://f.example/2"),
    ]
    (refused,) = zone.quarantine("facebook/posts")
    assert (refused["row"], refused["column_name"]) == (3, "post_id")
    assert refused["reason"].startswith("damaged id")
    assert any(warning.startswith("3 rows with damaged ids") for warning in done.warnings)


def test_a_negative_count_of_likes_is_refused(zone):
    done = zone.load(
        "instagram/media/a.csv",
        INSTAGRAM_HEADER
        + "1801,1784,lumenboards,Lumen,Hi,0,03/27/2026 06:08,https://i.example/p/1,IG image,,"
        "Lifetime,160,-5,3,2,4,45,1\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (0, 1)
    (refused,) = zone.quarantine("instagram/media")
    assert (refused["column_name"], refused["found"]) == ("likes", "-5")


def test_page_insights_are_a_row_a_value(zone):
    document = {
        "data": [
            insights(
                "page_impressions_unique",
                (120, "2015-04-12T07:00:00+0000"),
                (90, "2010-12-06T08:00:00+0000"),
            ),
            insights(
                "page_actions_post_reactions_total",
                ({"like": 3, "sorry": 1}, "2015-04-12T07:00:00+0000"),
            ),
            insights("page_fans"),
        ],
        "paging": {"next": "https://graph.example/next"},
    }
    done = zone.load(f"facebook/pages/{PAGE}_2015-04-13.json", json.dumps(document, indent=2))
    rows = zone.rows("facebook/pages")
    assert [(row["metric"], row["value"], row["end_time"]) for row in rows[:2]] == [
        ("page_impressions_unique", "120", at("2015-04-12 07:00")),
        ("page_impressions_unique", "90", at("2010-12-06 08:00")),
    ]
    assert json.loads(rows[2]["value"]) == {"like": 3, "sorry": 1}
    assert {row["insight"].split("/")[0] for row in rows} == {PAGE}
    # An empty set is no zero, and no row of the lake.
    assert (done.rows_in_lake, done.rows_quarantined) == (3, 1)
    (refused,) = zone.quarantine("facebook/pages")
    assert refused["reason"] == "missing value: expected date, or metric and end_time"


def test_daily_table_of_a_page(zone):
    zone.load(
        "facebook/pages/daily_page_metrics_total.csv",
        "date,page_id,page_impressions,page_impressions_unique,page_fans,page_fan_adds,"
        "page_fan_removes,page_post_engagements,page_views_total,_fivetran_synced\n"
        f"2026-03-01,{PAGE},100,80,33000,5,2,9,7,2026-03-02T03:00:00Z\n"
        f"2026-03-03T08:00:00+0000,{PAGE},100,80,33001,5,2,9,7,2026-03-04T03:00:00Z\n",
    )
    first, second = zone.rows("facebook/pages")
    assert (first["date"], first["date_is_day"]) == (at("2026-03-01"), True)
    assert (second["date"], second["date_is_day"]) == (at("2026-03-03 08:00"), False)
    assert (first["followers"], first["followers_gained"], first["followers_lost"]) == (33000, 5, 2)
    assert (first["impressions"], first["reach"], first["engagements"]) == (100, 80, 9)


def test_a_file_without_any_shape_of_the_stream_is_refused(zone):
    done = zone.load("facebook/pages/a.csv", "Seiten-Follower;Reichweite\n1;2\n")
    assert done.status == "rejected"
    assert "date, or metric and end_time" in done.message
    done = zone.load("facebook/pages/b.json", '{"data": [{"likes": 3}]}')
    assert done.status == "rejected"
    assert "date, or metric and end_time" in done.message


def test_posts_of_the_graph_api(zone):
    post = {
        "id": f"{PAGE}_1",
        "created_time": "2026-03-01T10:00:00+0000",
        "message": "Hi",
        "permalink_url": LINK,
        "status_type": "added_photos",
        "is_published": True,
        "shares": {"count": 3},
        "reactions": {"summary": {"total_count": 12}},
        "comments": {"summary": {"total_count": 4}},
        "insights": {
            "data": [
                insights("post_impressions", (100, ""), period="lifetime"),
                insights("post_reactions_by_type_total", ({"like": 10, "love": 2}, "")),
            ]
        },
    }
    done = zone.load("facebook/posts/page1.json", json.dumps({"data": [post], "paging": {}}))
    (row,) = zone.rows("facebook/posts")
    assert (row["post_id"], row["posted_at"]) == (f"{PAGE}_1", at("2026-03-01 10:00"))
    assert (row["shares"], row["reactions"], row["comments"]) == (3, 12, 4)
    told = json.loads(row["insights"])
    assert told[0] == {"name": "post_impressions", "value": "100"}
    assert json.loads(told[1]["value"]) == {"like": 10, "love": 2}
    assert not done.warnings


def test_media_of_the_graph_api(zone):
    media = {
        "id": "1801",
        "caption": "Hi",
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "permalink": "https://i.example/p/1",
        "timestamp": "2019-04-05T07:56:32+0000",
        "like_count": 5,
        "comments_count": 2,
        "owner": {"id": "1784"},
        "username": "lumenboards",
        "insights": {"data": [insights("reach", (45, ""), period="lifetime")]},
    }
    zone.load("instagram/media/page1.json", json.dumps({"data": [media]}))
    (row,) = zone.rows("instagram/media")
    assert (row["media_id"], row["posted_at"]) == ("1801", at("2019-04-05 07:56:32"))
    assert (row["owner_id"], row["username"], row["likes"]) == ("1784", "lumenboards", 5)
    assert json.loads(row["insights"]) == [{"name": "reach", "value": "45"}]


def test_a_table_of_one_number_keeps_its_title(zone):
    done = zone.load(
        "instagram/account/lumenboards/Follows_2026-01-03.csv",
        'sep=,\n"Instagram follows"\n"Date","Primary"\n'
        '"2026-01-01T00:00:00","3"\n"2026-01-02T00:00:00","1"\n'.encode("utf-16"),
    )
    rows = zone.rows("instagram/account")
    assert [(row["date"], row["table_value"]) for row in rows] == [
        (at("2026-01-01"), 3),
        (at("2026-01-02"), 1),
    ]
    assert {row["table_title"] for row in rows} == {"Instagram follows"}
    assert {row["account_folder"] for row in rows} == {"lumenboards"}
    assert any("lines before the data" in warning for warning in done.warnings)


FOLLOWS = [["Instagram follows"], ["Date", "Primary"], ["2026-01-01T00:00:00", "3"]]
REACH = [["Reach"], ["Date", "Primary"], ["2026-01-01T00:00:00", "30"], ["2026-01-02T00:00:00", ""]]
OURS = [["Anything we call it"], ["Date", "Primary"], ["2026-01-01T00:00:00", "7"]]
CITIES = [["Top cities"], ["London", "Paris"], ["5%", "6%"]]
NET = [["Net follows"], ["Date", "Value"], ["2026-01-01T00:00:00", "9"]]


def stacked(*tables: list[list[str]], quote: str = '"', delimiter: str = ",", end: str = "\n"):
    """Tables below each other as Business Suite writes them, a blank line in between."""
    lines = [
        [delimiter.join(f"{quote}{cell}{quote}" for cell in row) + end for row in table]
        for table in tables
    ]
    return end.join("".join(table) for table in lines)


def told(zone, folder: str = "instagram/account") -> list[tuple]:
    return [(row["table_title"], row["date"].day, row["table_value"]) for row in zone.rows(folder)]


@pytest.mark.parametrize(
    "content",
    [
        ("sep=,\n" + stacked(REACH, FOLLOWS, OURS)).encode("utf-16"),
        ("sep=,\r\n" + stacked(REACH, FOLLOWS, OURS, end="\r\n")).encode("utf-16"),
        stacked(REACH, FOLLOWS, OURS).encode("utf-8-sig"),
        stacked(REACH, FOLLOWS, OURS, quote="").encode(),
        ("sep=;\n" + stacked(REACH, FOLLOWS, OURS, quote="", delimiter=";")).encode(),
    ],
    ids=["utf-16", "utf-16 of Windows", "utf-8", "no quotes", "semicolons"],
)
def test_each_of_several_tables_is_read_under_its_own_title(zone, content):
    done = zone.load("instagram/account/lumenboards/all_2026-01-03.csv", content)
    assert (done.status, done.rows_read, done.rows_in_lake) == ("loaded", 4, 4)
    assert told(zone) == [
        ("Reach", 1, 30),
        ("Reach", 2, None),
        ("Instagram follows", 1, 3),
        ("Anything we call it", 1, 7),
    ]
    assert "4 lines with titles and headers of tables were skipped" in done.warnings


def test_a_table_of_another_kind_is_refused_whole_and_the_next_one_read(zone):
    done = zone.load("instagram/account/all.csv", stacked(FOLLOWS, CITIES, NET, REACH))
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (9, 3, 6)
    assert told(zone) == [("Instagram follows", 1, 3), ("Reach", 1, 30), ("Reach", 2, None)]
    refused = zone.quarantine("instagram/account")
    assert [row["reason"].split(":")[0] for row in refused] == [
        "truncated row",
        "row of another table",
        "row of another table",
        "truncated row",
        "row of another table",
        "row of another table",
    ]
    assert refused[-1]["reason"].endswith("export one metric per file")


def test_a_second_header_with_other_columns_starts_a_table_without_a_title(zone):
    table = stacked(
        [["Date", "Reach"], ["2026-01-01", "5"]],
        [["DATUM ", "Followers"], ["2026-01-01", "800"]],
        [["Date", "Reach"], ["2026-01-02", "6"]],
    )
    done = zone.load("instagram/account/all.csv", table)
    assert (done.rows_in_lake, done.rows_quarantined) == (2, 2)
    assert [(row["reach"], row["table_title"]) for row in zone.rows("instagram/account")] == [
        (5, None),
        (6, None),
    ]


def test_a_table_without_rows_lends_its_title_to_no_other(zone):
    done = zone.load("facebook/pages/lumen/all.csv", stacked(FOLLOWS[:2], REACH[:2], OURS))
    assert (done.rows_read, done.rows_in_lake) == (1, 1)
    assert told(zone, "facebook/pages") == [("Anything we call it", 1, 7)]


def test_a_broken_row_in_a_table_costs_that_row_only(zone):
    broken = [["2026-02-30", "4"], ["2026-01-02", "5", "6"], ["2026-01-03"]]
    done = zone.load(
        "facebook/pages/lumen/all.csv", stacked([*FOLLOWS, *broken, ["2026-01-04", "8"]], OURS)
    )
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (6, 3, 3)
    assert told(zone, "facebook/pages") == [
        ("Instagram follows", 1, 3),
        ("Instagram follows", 4, 8),
        ("Anything we call it", 1, 7),
    ]


def test_a_caption_or_the_word_for_a_whole_life_is_no_total_row(zone):
    header, row = "Post ID,Permalink,Views\n", "1801,https://i.example/p/1,160\n"
    zone.drop("instagram/media/a.csv", f"Description,{header}Total,{row}")
    zone.drop("instagram/media/b.csv", f"Datum,{header}Gesamt,{row}")
    report = zone.extract("instagram/media")
    assert [done.rows_in_lake for done in report.files] == [1, 1]
    assert [(row["text"], row["covers"]) for row in zone.rows("instagram/media")] == [
        ("Total", None),
        (None, "lifetime"),
    ]


def test_a_title_with_empty_cells_behind_it_is_a_title(zone):
    done = zone.load(
        "instagram/account/all.csv",
        "Instagram follows,\nDate,Primary\n2026-01-01,3\n,\nReach,\nDate,Primary\n2026-01-01,30\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (2, 1)
    assert told(zone) == [("Instagram follows", 1, 3), ("Reach", 1, 30)]
