"""Every format a stream may come in, each in the shape its tool really writes.

What breaks a file or a row is tested in `test_bad_input.py`.
"""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime

import duckdb
import pytest

at = datetime.fromisoformat

LEGACY_HEADER = (
    '"Tweet id","Tweet permalink","Tweet text","time","impressions","engagements",'
    '"engagement rate","retweets","replies","likes","user profile clicks","promoted impressions"\n'
)
CURRENT_HEADER = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,"
    "Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks\n"
)
COSTS = "month,category,channel,campaign,amount,currency\n"


def test_x_legacy_export(zone):
    text = 'First line\n\nsecond, with ""quotes"" 😁\n'
    zone.load(
        "x/posts/tweet_activity_metrics_brand_20161201_20170101_en.csv",
        LEGACY_HEADER
        + f'"812369747765362688","https://x.com/b/1","{text}","2016-12-23 18:50 +0000","1938.0",'
        + '"18.0","0.009287925696594427","0.0","0","-","1","-"\n',
    )
    (row,) = zone.rows("x/posts")
    assert row["post_id"] == "812369747765362688"
    assert row["text"] == 'First line\n\nsecond, with "quotes" 😁\n'
    assert row["posted_at"] == at("2016-12-23 18:50")
    assert row["posted_at_is_date_only"] is False
    assert (row["impressions"], row["reposts"], row["likes"]) == (1938, 0, None)
    assert row["engagement_rate"] == 0.009287925696594427
    assert (row["profile_clicks"], row["promoted_impressions"]) == (1, None)
    assert (row["period_from"], row["period_to"]) == (date(2016, 12, 1), date(2017, 1, 1))
    assert row["_exported_at"] == at("2017-01-01 00:00")
    assert row["_exported_at_is_known"] is True
    assert row["_source_file"] == "x/posts/tweet_activity_metrics_brand_20161201_20170101_en.csv"
    assert row["_source_row"] == 1
    assert row["_extra"] is None


def test_x_current_export(zone):
    zone.load(
        "x/posts/account_analytics_content_2026-03-01_2026-03-31.csv",
        "\ufeff"
        + CURRENT_HEADER
        + '1,"Tue, Mar 3, 2026",Hi,https://x.com/b/1,"1,938",2,3,4,5,6,7,8,9,10,11,12,13\n'
        + "2,2026-03-04,@you Hi,https://x.com/b/2,0,0,0,0,0,0,0,0,0,0,0,0,0\n",
    )
    first, second = zone.rows("x/posts")
    assert first["posted_at"] == at("2026-03-03 00:00")
    assert first["posted_at_is_date_only"] is True
    assert (first["impressions"], first["bookmarks"], first["shares"]) == (1938, 4, 5)
    assert (first["follows"], first["reposts"], first["profile_clicks"]) == (6, 8, 9)
    assert (first["url_clicks"], first["media_views"]) == (11, None)
    assert second["posted_at"] == at("2026-03-04 00:00")


def test_header_is_found_by_name_not_by_place(zone):
    done = zone.load(
        "costs/monthly/a.csv",
        "Report of costs\nMarch,2026\n\nCURRENCY,Amount, month ,Category,Surprise\n"
        "EUR,12.5,2026-03,ads,x\nEUR,1,2026-03-01,tools,\n",
    )
    first, second = zone.rows("costs/monthly")
    assert (first["month"], first["amount"], first["category"]) == (date(2026, 3, 1), 12.5, "ads")
    assert first["channel"] is None
    assert json.loads(first["_extra"]) == {"Surprise": "x"}
    assert second["_extra"] is None
    assert second["_source_row"] == 2
    assert any("Surprise" in warning for warning in done.warnings)
    assert any("lines before the data" in warning for warning in done.warnings)


def test_total_rows_are_set_aside_and_counted(zone):
    done = zone.load("costs/monthly/a.csv", COSTS + "2026-03,ads,x,c,12.5,EUR\nTotal,,,,12.5,\n")
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (2, 1, 1)
    (refused,) = zone.quarantine("costs/monthly")
    assert refused["reason"].startswith("total row")


def test_french_spreadsheet_format(zone):
    zone.load(
        "ringcentral_engage/messages/messages_2026-03-01.csv",
        "\ufeffcreated_at;content_thread_id;id;status;private_message;auto_submitted;rating;"
        "sentiment_text;body\n"
        '24/02/2026 19:00;t1;m1;Nouveau;vrai;non;4,5;négatif;"Ça va ; non ?"\n'
        '24/02/2026 19:05;t1;m2;Réponse publique;faux;oui;"1 234,5";Positif;"a;b"\n',
    )
    first, second = zone.rows("ringcentral_engage/messages")
    assert first["created_at"] == at("2026-02-24 19:00")
    assert (first["status"], first["private_message"], first["auto_submitted"]) == (
        "New",
        True,
        False,
    )
    assert (first["rating"], first["sentiment_text"]) == (4.5, "negative")
    assert second["status"] == "Agent reply"
    assert (second["rating"], second["sentiment_text"], second["body"]) == (
        1234.5,
        "positive",
        "a;b",
    )


def test_unquoted_separator_in_french_text_is_one_cell_too_many(zone):
    done = zone.load("ringcentral_engage/categories/a.csv", "id;name;parent_id\n1;a;b;c\n2;b;\n")
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 1)
    (refused,) = zone.quarantine("ringcentral_engage/categories")
    assert (refused["row"], refused["raw_text"]) == (1, "1;a;b;c")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2013-09-24 19:00+0200", at("2013-09-24 17:00")),
        ("2013-09-24T19:00+02:00", at("2013-09-24 17:00")),
        ("2013-09-24 19:00:30 -0330", at("2013-09-24 22:30:30")),
        ("2013-09-24T19:00:01.250Z", at("2013-09-24 19:00:01.250000")),
        ("2013-09-24 19:00", at("2013-09-24 19:00")),
        ("24/09/2013 19:00", at("2013-09-24 19:00")),
        ("09-24-2013 19:00", at("2013-09-24 19:00")),
    ],
)
def test_ways_to_write_an_instant(zone, written, utc):
    zone.load("ringcentral_engage/journal/a.csv", f"id,created_at,name\n1,{written},x.y\n")
    (row,) = zone.rows("ringcentral_engage/journal")
    assert row["created_at"] == utc


@pytest.mark.parametrize("word", ["1", "true", "vrai", "oui", "yes", "YES", "True"])
def test_ways_to_write_yes(zone, word):
    zone.load("ringcentral_engage/categories/a.csv", f"id,name,active\n1,a,{word}\n")
    assert zone.rows("ringcentral_engage/categories")[0]["active"] is True


def test_support_archive(zone):
    zone.load(
        "customer_support_on_twitter/tweets/twcs.csv",
        ",tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\r\n"
        '0,1,brand,False,Tue Oct 31 22:10:47 +0000 2017,"@2 I, ""we""\nsee","5,7",3.0\r\n'
        "1,2,115712,True,Tue Oct 31 22:11:45 +0000 2017,@brand how,,1.0\r\n",
    )
    first, second = zone.rows("customer_support_on_twitter/tweets")
    assert (first["author_id"], first["inbound"]) == ("brand", False)
    assert first["text"] == '@2 I, "we"\nsee'
    assert (first["response_tweet_ids"], first["in_response_to_tweet_id"]) == ("5,7", "3")
    assert first["created_at"] == at("2017-10-31 22:10:47")
    assert second["author_id"].startswith("c_")
    assert second["response_tweet_ids"] is None
    assert second["_extra"] is None


def test_web_events(zone):
    zone.load(
        "web_events/events/e.csv",
        "event_date,user_pseudo_id,session_id,event_timestamp,event_name,revenue,currency\n"
        "2026-03-01,40.16,s1,2026-03-01 13:34:38,purchase,19.99,EUR\n",
    )
    (row,) = zone.rows("web_events/events")
    assert row["event_timestamp"] == at("2026-03-01 13:34:38")
    assert (row["revenue"], row["currency"], row["gclid"]) == (19.99, "EUR", None)
    assert row["user_pseudo_id"].startswith("c_")


def ga4_event(**changes) -> dict:
    event = {
        "event_date": "20260301",
        "event_timestamp": "1772372078123457",
        "event_name": "page_view",
        "event_params": [
            {"key": "ga_session_id", "value": {"int_value": "1772372078"}},
            {"key": "page_location", "value": {"string_value": "https://e.com/?utm_source=x"}},
            {"key": "session_engaged", "value": {"string_value": "1"}},
            {"key": "engagement_time_msec", "value": {"int_value": "250"}},
            {"key": "custom", "value": {"double_value": 0.5}},
        ],
        "user_pseudo_id": "1.2",
        "user_id": "a person",
        "user_properties": [],
        "privacy_info": {"analytics_storage": "Yes"},
        "device": {"category": "mobile", "language": "es"},
        "geo": {"country": "Spain"},
        "collected_traffic_source": {"manual_source": "x", "manual_medium": "social"},
        "session_traffic_source_last_click": {
            "manual_campaign": {"campaign_name": "launch", "source": "x", "medium": "social"},
            "cross_channel_campaign": {"default_channel_group": "Organic Social"},
        },
        "ecommerce": {"purchase_revenue": 12.34, "transaction_id": "T1"},
        "batch_page_id": "7",
        "batch_ordering_id": "1",
        "batch_event_index": "2",
        "brand_new": {"a": 1},
    }
    return event | changes


GA4_EXPECTED = {
    "event_date": date(2026, 3, 1),
    "event_timestamp": at("2026-03-01 13:34:38.123457"),
    "event_name": "page_view",
    "ga_session_id": "1772372078",
    "ga_session_number": None,
    "page_location": "https://e.com/?utm_source=x",
    "engagement_time_msec": 250,
    "session_engaged": "1",
    "manual_source": "x",
    "manual_term": None,
    "last_click_campaign_name": "launch",
    "last_click_channel_group": "Organic Social",
    "transaction_id": "T1",
    "purchase_revenue": 12.34,
    "analytics_storage": "Yes",
    "batch_page_id": 7,
    "batch_event_index": 2,
    "device_category": "mobile",
    "country": "Spain",
}


def test_ga4_newline_json(zone):
    lines = [
        ga4_event(),
        ga4_event(user_pseudo_id=None, event_params=[], ecommerce=None),
        ga4_event(event_timestamp=1772372078123457),
    ]
    zone.load(
        "ga4/events/events_20260301.json.gz",
        gzip.compress("\n".join(json.dumps(line) for line in lines).encode()),
    )
    first, second, third = zone.rows("ga4/events")
    assert {name: first[name] for name in GA4_EXPECTED} == GA4_EXPECTED
    assert json.loads(first["_extra"]) == {"brand_new": {"a": 1}}
    assert first["user_id"].startswith("c_")
    assert second["user_pseudo_id"] is None
    assert second["ga_session_id"] is None
    assert third["event_timestamp"] == first["event_timestamp"]
    assert third["_source_row"] == 3


def test_ga4_parquet_is_the_same_as_newline_json(zone):
    zone.drop("ga4/events/b.json", json.dumps(ga4_event()) + "\n")
    source = zone.root / "nested.json"
    source.write_text(json.dumps(ga4_event()) + "\n")
    target = zone.landing / "ga4/events/a.parquet"
    with duckdb.connect() as session:
        session.execute(
            f"""
            copy (
                select * replace (
                    event_timestamp::bigint as event_timestamp,
                    batch_page_id::bigint as batch_page_id,
                    event_params::struct(key varchar, "value" struct(
                        string_value varchar, int_value bigint, float_value double,
                        double_value double))[] as event_params
                ) from read_json('{source}')
            ) to '{target}' (format parquet)
            """
        )
    zone.extract("ga4/events")
    parquet, ndjson = zone.rows("ga4/events")
    assert {name: parquet[name] for name in GA4_EXPECTED} == GA4_EXPECTED
    same = [name for name in parquet if not name.startswith("_")]
    assert [parquet[name] for name in same] == [ndjson[name] for name in same]


def test_parquet_of_a_flat_stream(zone):
    target = zone.landing / "costs/monthly/costs.parquet"
    target.parent.mkdir(parents=True)
    with duckdb.connect() as session:
        session.execute(
            "copy (select date '2026-03-01' as \"Month\", 'ads' as category, 12.5 as amount, "
            f"null::varchar as channel, 1 as more) to '{target}' (format parquet)"
        )
    zone.extract("costs/monthly")
    (row,) = zone.rows("costs/monthly")
    assert (row["month"], row["amount"], row["channel"]) == (date(2026, 3, 1), 12.5, None)
    assert json.loads(row["_extra"]) == {"more": 1}


def test_newline_json_of_a_flat_stream(zone):
    zone.load(
        "costs/monthly/costs.ndjson",
        '{"month": "2026-03", "category": "ads", "amount": 12.5}\n\n'
        '{"month": "2026-03", "category": "tools", "amount": "1.5", "channel": ""}\n',
    )
    assert [row["amount"] for row in zone.rows("costs/monthly")] == [12.5, 1.5]
    assert zone.rows("costs/monthly")[1]["channel"] is None


def test_excel(zone):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Costs of March"],
        [],
        ["Month", "Category", "Amount", "Campaign", "Currency"],
        [at("2026-03-01 00:00"), "ads", 12.5, "two\nlines", "EUR"],
        ["2026-03", "tools", 3, None, "EUR"],
        ["Total", None, 15.5, None, None],
    ):
        sheet.append(row)
    book.create_sheet("Notes").append(["not read"])
    path = zone.landing / "costs/monthly/costs 2026-03-31.xlsx"
    path.parent.mkdir(parents=True)
    book.save(path)
    report = zone.extract("costs/monthly")
    assert (report.rows_in_lake, report.rows_quarantined) == (2, 1)
    first, second = zone.rows("costs/monthly")
    assert (first["month"], first["amount"], first["campaign"]) == (
        date(2026, 3, 1),
        12.5,
        "two\nlines",
    )
    assert (second["amount"], second["campaign"]) == (3.0, None)
    assert any("Notes" in warning for warning in report.files[0].warnings)


def test_long_ids_from_excel_are_damaged(zone):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["survey_id", "kind", "scale", "sent_at"])
    book.active.append([1221581234567890123, "csat", "1-5", "2026-03-01 10:00"])
    book.active.append(["1221581234567890123", "csat", "1-5", "2026-03-01 10:00"])
    path = zone.landing / "surveys/responses/a.xlsx"
    path.parent.mkdir(parents=True)
    book.save(path)
    zone.extract("surveys/responses")
    assert [row["survey_id"] for row in zone.rows("surveys/responses")] == ["1221581234567890123"]
    assert zone.quarantine("surveys/responses")[0]["reason"].startswith("damaged id")


def test_gzip_and_utf16_and_any_name(zone):
    content = COSTS + "2026-03,ads,é,c,1,EUR\n"
    zone.drop("costs/monthly/one.csv.gz", gzip.compress(content.encode()))
    zone.drop("costs/monthly/two.txt", content.encode("utf-16"))
    zone.drop("costs/monthly/no name at all", content.replace("\n", "\r\n"))
    zone.drop("costs/monthly/old mac", content.replace("\n", "\r"))
    report = zone.extract("costs/monthly")
    assert [file.status for file in report.files] == ["loaded"] * 4
    assert {row["channel"] for row in zone.rows("costs/monthly")} == {"é"}


def test_names_with_quotes_spaces_unicode_and_glob_characters(zone):
    names = ['it\'s "a" [test]*?.csv', "España {1}.csv", "a b/ü 你好.csv", "%20.csv", "-rf.csv"]
    for number, name in enumerate(names):
        zone.drop(f"costs/monthly/{name}", COSTS + f"2026-03,ads,x,c,{number},EUR\n")
    report = zone.extract("costs/monthly")
    assert [file.status for file in report.files] == ["loaded"] * len(names)
    found = {row["_source_file"]: row["amount"] for row in zone.rows("costs/monthly")}
    assert found == {f"costs/monthly/{name}": float(n) for n, name in enumerate(names)}


def test_line_ends_may_differ_within_a_file(zone):
    done = zone.load(
        "costs/monthly/a.csv",
        COSTS + '2026-03,ads,"x\ny",c,1,EUR\r\n2026-03,ads,x,c,2,EUR\n2026-03,ads,x,c,3,EUR\r\n',
    )
    assert (done.status, done.rows_in_lake) == ("loaded", 3)


def test_surveys_with_an_unanswered_one(zone):
    zone.load(
        "surveys/responses/a.csv",
        "survey_id,kind,scale,score,sent_at,responded_at,contact_id\n"
        "s1,csat,1-5,4,2026-03-01T10:00:00Z,,p1\n"
        "s2,nps,0-10,9,2026-03-01 10:00,2026-03-02 09:00,p1\n",
    )
    first, second = zone.rows("surveys/responses")
    assert first["responded_at"] is None
    assert second["responded_at"] == at("2026-03-02 09:00")
    assert first["contact_id"] == second["contact_id"]


def test_answers_of_a_wide_survey_are_kept_in_extra(zone):
    done = zone.load(
        "ringcentral_engage/responses/a.csv",
        "responded_at,id,main_indicator,question_1,answer_1,answer_1_value\n"
        "2026-03-01 10:00+0000,r1,4,How?,Well,4\n",
    )
    assert done.warnings == ()
    (row,) = zone.rows("ringcentral_engage/responses")
    assert row["main_indicator"] == 4.0
    assert json.loads(row["_extra"]) == {
        "question_1": "How?",
        "answer_1": "Well",
        "answer_1_value": "4",
    }
