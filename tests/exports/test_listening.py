"""Mentions of a listening tool, as people hand the files over."""

from __future__ import annotations

from datetime import datetime

HEADER = (
    "mention_id,network,native_id,sent_at,author_id,author_followers,is_verified,text,language,"
    "sentiment,engagements,impressions,permalink,is_repost,in_reply_to_id,topic\n"
)


def test_names_in_any_script_and_emoji_arrive_as_written(zone) -> None:
    text = "\u202bجربت منارة\u202c with #🎄Lumen 👩🏽‍🚀 and Fjällplan"
    zone.load(
        "listening/mentions/mentions_2026-04-01.csv",
        "\ufeff"
        + HEADER
        + "m1,X,1900000000000000001,2026-03-02T10:00:00+02:00,77,1200,true,"
        + f'"{text}\nsecond line",ar,POSITIVE,4,90,https://x.example/1,false,,Brand\n',
    )
    (row,) = zone.rows("listening/mentions")
    assert row["text"] == f"{text}\nsecond line"
    assert row["sent_at"] == datetime.fromisoformat("2026-03-02T08:00")
    assert (row["native_id"], row["author_followers"]) == ("1900000000000000001", 1200)
    assert (row["is_verified"], row["is_repost"]) == (True, False)


def test_other_tools_headers_are_known_and_authors_are_pseudonyms(zone) -> None:
    zone.load(
        "listening/mentions/export 2026-04-01.csv",
        "Mention Id;Source;guid;Published;from_id;Author Followers;Full Text;Engagement\n"
        "m1;Reddit;t3_x;2026-03-02 08:00:00;somebody;12;Lumen Works;3\n",
    )
    (row,) = zone.rows("listening/mentions")
    assert (row["network"], row["native_id"], row["text"]) == ("Reddit", "t3_x", "Lumen Works")
    assert (row["author_followers"], row["engagements"]) == (12, 3)
    # What the tool does not tell is not zero, and not false.
    assert (row["impressions"], row["is_verified"], row["sentiment"]) == (None, None, None)
    assert row["author_id"] not in (None, "somebody")


def test_rows_that_cannot_be_meant_are_set_aside(zone) -> None:
    done = zone.load(
        "listening/mentions/mentions_2026-04-01.csv",
        HEADER
        + "m1,x,1.22158E+17,2026-03-02T10:00:00Z,1,5,false,a,en,,1,1,,false,,\n"
        + "m2,x,12,2026-02-30T10:00:00Z,1,5,false,a,en,,1,1,,false,,\n"
        + "m3,x,13,2026-03-02T10:00:00Z,1,-5,false,a,en,,1,1,,false,,\n"
        + "m4,x,14,2026-03-02T10:00:00Z,1,5,false,a,en,,-1,1,,false,,\n"
        + "m5,,15,2026-03-02T10:00:00Z,1,5,false,a,en,,1,1,,false,,\n"
        + "m6,x,16,2027-03-02T10:00:00Z,1,5,false,a,en,,1,1,,false,,\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (0, 6)
    refused = [
        (row["column_name"], row["reason"].split(":")[0])
        for row in zone.quarantine("listening/mentions")
    ]
    assert refused == [
        ("native_id", "damaged id"),
        ("sent_at", "not an instant that exists"),
        ("author_followers", "negative value"),
        ("engagements", "negative value"),
        ("network", "missing value"),
        ("sent_at", "in the future"),
    ]
