"""Tables of videos as YouTube Studio exports them: zips, total rows, headers over the years.

What the models make of them is tested beside the models.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

at = datetime.fromisoformat

HEADER = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,"
    "Impressions,Impressions click-through rate (%)\n"
)
ONE = 'aB3_-xYz01Q,"Hello, world","Jan 6, 2026",301,"1,500",12.5,4,9000,4.2\n'
TWO = "-bB3xYz01QQ,Short,2026-02-01 10:15:00,0:00:41,500,2.5,-1,1000,2.1\n"
TOTAL = "Total,,,,2000,15.0,3,10000,3.9\n"
NAME = "youtube/videos/Lumen/Content 2005-02-14_2026-03-31 Lumen.zip"


def zipped(**members: str) -> bytes:
    """An archive; `__` in a name stands for a space, `_in_` for a folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            path = name.replace("_in_", "/").replace("__", " ") + ".csv"
            archive.writestr(path, content)
    return out.getvalue()


def test_the_table_in_the_archive_is_read_and_the_chart_is_not(zone):
    done = zone.load(NAME, zipped(Table__data=HEADER + ONE + TWO, Chart__data="Date,Views\n1,2\n"))
    assert (done.status, done.rows_read, done.warnings) == ("loaded", 2, ())
    first, second = zone.rows("youtube/videos")
    assert (first["video_id"], first["title"]) == ("aB3_-xYz01Q", "Hello, world")
    assert (first["views"], first["watch_time_hours"], first["duration"]) == (1500, 12.5, "301")
    # Days of YouTube are Pacific.
    assert (first["published_at"], first["published_at_is_date_only"]) == (
        at("2026-01-06 08:00"),
        True,
    )
    assert (second["published_at"], second["published_at_is_date_only"]) == (
        at("2026-02-01 18:15"),
        False,
    )
    assert (second["subscribers"], second["duration"]) == (-1, "0:00:41")
    assert first["channel_folder"] == "lumen"
    assert (first["exported_from_on"], first["exported_to_on"]) == (
        date(2005, 2, 14),
        date(2026, 3, 31),
    )


@pytest.mark.parametrize("rows", [TOTAL + ONE + TWO, ONE + TWO + TOTAL], ids=["first", "last"])
def test_the_total_row_is_compared_and_left_out(zone, rows):
    done = zone.load(NAME, zipped(Table__data=HEADER + rows))
    assert (done.status, done.rows_read, done.rows_in_lake) == ("loaded", 2, 2)
    assert done.warnings == ()
    assert sum(row["views"] for row in zone.rows("youtube/videos")) == 2000
    assert zone.quarantine("youtube/videos") == []


@pytest.mark.parametrize(("total", "differs"), [("2010", False), ("2011", True), ("9", True)])
def test_a_total_more_than_half_a_percent_off_is_reported(zone, total, differs):
    # A table stops at 500 videos, its total does not.
    rows = TOTAL.replace("2000", total) + ONE + TWO
    done = zone.load(NAME, zipped(Table__data=HEADER + rows))
    assert done.rows_in_lake == 2
    told = f"the total row says {total} views, the rows add up to 2000"
    assert (told in done.message) is differs
    (record,) = zone.records()
    assert (told in record["message"]) is differs


def test_an_unpacked_table_and_one_of_another_year_are_read_alike(zone):
    zone.load("youtube/videos/Lumen/Table data.csv", HEADER + ONE + TOTAL)
    newer = HEADER.replace("Impressions,", "Thumbnail impressions,")
    zone.load("youtube/videos/Lumen/newer.zip", zipped(Lumen_in_Table__data=newer + ONE))
    first, second = zone.rows("youtube/videos")
    assert first["impressions"] == second["impressions"] == 9000
    assert first["click_through_rate"] == second["click_through_rate"] == 4.2


def test_a_video_in_no_folder_has_none(zone):
    zone.load("youtube/videos/a_2026-03-31.csv", HEADER + ONE)
    (row,) = zone.rows("youtube/videos")
    assert row["channel_folder"] is None


def test_the_channel_is_the_first_folder_however_deep_the_file_lies(zone):
    zone.load("youtube/videos/Lumen Works/2026/march/a_2026-03-31.csv", HEADER + ONE)
    (row,) = zone.rows("youtube/videos")
    assert row["channel_folder"] == "lumen works"


@pytest.mark.parametrize(
    ("members", "expected", "found"),
    [
        ({"Chart__data": HEADER}, "without the file to read", "found 'Chart data.csv'"),
        (
            {"a_in_Table__data": HEADER, "b_in_Table__data": HEADER},
            "archive of several",
            "found 'a/Table data.csv', 'b/Table data.csv'",
        ),
    ],
)
def test_an_archive_without_exactly_one_table_is_refused_with_its_files(
    zone, members, expected, found
):
    done = zone.load(NAME, zipped(**members))
    assert done.status == "rejected"
    assert expected in done.message
    assert found in done.message


def test_a_damaged_archive_is_refused(zone):
    whole = bytearray(zipped(Table__data=HEADER + ONE * 500))
    whole[60:90] = b"\x00" * 30
    done = zone.load(NAME, bytes(whole))
    assert done.status == "rejected"
    assert "cannot be unpacked" in done.message


def test_a_negative_like_count_goes_to_quarantine(zone):
    header = HEADER.rstrip("\n") + ",Likes\n"
    done = zone.load(
        "youtube/videos/a_2026-03-31.csv",
        header + ONE.rstrip("\n") + ",-3\n" + TWO.rstrip("\n") + ",3\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 1)
    (row,) = zone.quarantine("youtube/videos")
    assert (row["column_name"], row["found"]) == ("likes", "-3")
