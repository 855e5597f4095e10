"""What people and tools put into a landing zone that they should not: one test a fault.

Each ends in a clear error or in quarantine, stops no other file, and loses nothing.
"""

from __future__ import annotations

import gzip
import json
import resource
import zipfile
from datetime import datetime, timedelta

import pytest

COSTS = "month,category,channel,campaign,amount,currency\n"
GOOD = COSTS + "2026-03,ads,x,c,1,EUR\n"
JOURNAL = "id,created_at,name,message\n"
EPISODES = "id,created_at,content_thread_id,first_user_reply_in,user_replies_count,deferred_at\n"


def rejected(zone, file: str, content: str | bytes):
    """Drop a file nobody can read beside one that is fine; the good one must not suffer."""
    folder = "/".join(file.split("/")[:2])
    zone.drop("costs/monthly/good.csv", GOOD)
    zone.drop(file, content)
    report = zone.extract(folder)
    if folder != "costs/monthly":
        zone.extract("costs/monthly")
    done = next(found for found in report.files if found.file == file)
    assert done.status == "rejected"
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (0, 0, 0)
    (refused,) = [row for row in zone.quarantine(folder) if row["file"] == file]
    assert refused["row"] is None
    assert refused["reason"].startswith("file rejected: ")
    assert done.message.startswith(file)
    assert len(zone.rows("costs/monthly")) == 1
    (record,) = [row for row in zone.records() if row["file"] == file]
    assert (record["status"], record["message"]) == ("rejected", done.message)
    return done


def test_empty_file(zone):
    assert "empty" in rejected(zone, "costs/monthly/a.csv", b"").message
    assert "empty" in rejected(zone, "costs/monthly/b.csv", b"\xef\xbb\xbf\r\n\n").message


def test_header_only(zone):
    done = zone.load("costs/monthly/a.csv", COSTS)
    assert (done.status, done.rows_read) == ("loaded", 0)
    assert zone.load("costs/monthly/b.csv", COSTS.rstrip("\n")).status == "loaded"
    assert zone.rows("costs/monthly") == []


def test_truncated_gzip(zone):
    whole = gzip.compress((GOOD * 5000).encode())
    done = rejected(zone, "costs/monthly/a.csv.gz", whole[: len(whole) // 2])
    assert "cut off" in done.message
    assert "copy or export it again" in done.message
    broken = bytearray(gzip.compress(GOOD.encode()))
    broken[-6] ^= 0xFF
    assert "damaged" in rejected(zone, "costs/monthly/b.csv.gz", bytes(broken)).message


@pytest.mark.parametrize(("delimiter", "called"), [("\t", "tab"), ("|", "bar")])
def test_wrong_delimiter(zone, delimiter, called):
    done = rejected(zone, "costs/monthly/a.csv", GOOD.replace(",", delimiter))
    assert "wrong delimiter" in done.message
    assert called in done.message
    assert "comma or semicolon" in done.message


def test_delimiter_of_rows_is_not_that_of_the_header(zone):
    done = zone.load(
        "costs/monthly/a.csv", COSTS + "2026-03;ads;x;c;1;EUR\n2026-03,ads,x,c,1,EUR\n"
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 1)
    assert zone.quarantine("costs/monthly")[0]["reason"].startswith("truncated row")


def test_latin_1_is_rejected_and_not_guessed(zone):
    rows = "".join(f"2026-03,ads,café {n},c,1,EUR\n" for n in range(300))
    done = rejected(zone, "costs/monthly/a.csv", (COSTS + rows).encode("latin-1"))
    assert "not UTF-8" in done.message
    assert "0xE9 in line 2" in done.message
    assert "export as UTF-8" in done.message


def test_utf16_without_a_mark_is_rejected(zone):
    assert "UTF-16" in rejected(zone, "costs/monthly/a.csv", GOOD.encode("utf-16-le")).message


def test_a_single_broken_byte_costs_one_row(zone):
    rows = "".join(f"2026-03,ads,x,c,{n},EUR\n" for n in range(500)).encode()
    broken = rows.replace(b",x,c,250,", b",caf\xe9,c,250,")
    done = zone.load("costs/monthly/a.csv", COSTS.encode() + broken)
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (500, 499, 1)
    (refused,) = zone.quarantine("costs/monthly")
    assert refused["row"] == 251
    assert "not UTF-8" in refused["reason"]
    assert "caf\\xe9" in refused["raw_text"]


def test_missing_required_column(zone):
    done = rejected(zone, "x/posts/a.csv", "Tweet text,time,impressions\nhi,2026-01-01 10:00,3\n")
    assert "post_id" in done.message
    assert "'Tweet id' or 'Post id'" in done.message
    assert "'Tweet text', 'time', 'impressions'" in done.message
    (refused,) = zone.quarantine("x/posts")
    assert refused["column_name"] == "post_id"


def test_missing_required_field_in_newline_json(zone):
    done = rejected(zone, "ga4/events/a.json", '{"event_name": "x", "event_date": "20260301"}\n')
    assert "event_timestamp" in done.message
    assert "'event_date', 'event_name'" in done.message


def test_a_file_of_another_stream(zone):
    done = rejected(zone, "costs/monthly/a.csv", "alpha,beta\n1,2\n")
    assert "no header" in done.message
    assert "'alpha', 'beta'" in done.message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3 binary", "not UTF-8"),
        (b"PAR1 but no more", "Parquet"),
        (b'[{"month": "2026-03"}]', "JSON array"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x1f\x8b\x08\x00 broken", "gzip"),
        (gzip.compress(b"PAR1aaaaPAR1", mtime=0), "unpack"),
    ],
)
def test_not_a_table(zone, content, word):
    assert word in rejected(zone, "costs/monthly/a.csv", content).message


def test_a_zip_archive(zone):
    path = zone.root / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("costs.csv", GOOD)
    assert "unpack" in rejected(zone, "costs/monthly/a.zip", path.read_bytes()).message


def test_two_files_with_the_same_name_are_two_files(zone):
    zone.drop("costs/monthly/march.csv", COSTS + "2026-03,ads,x,c,1,EUR\n")
    zone.drop("costs/monthly/again/march.csv", COSTS + "2026-03,ads,x,c,2,EUR\n")
    zone.drop("costs/monthly/copy/march.csv", COSTS + "2026-03,ads,x,c,2,EUR\n")
    assert len(zone.extract("costs/monthly").files) == 3
    assert sorted(row["amount"] for row in zone.rows("costs/monthly")) == [1, 2, 2]


def test_a_line_of_200_megabytes(zone):
    path = zone.landing / "costs/monthly/a.csv"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.write(COSTS.encode() + b'2026-03,ads,x,c,1,EUR\n2026-03,ads,"')
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b'",c,2,EUR\n2026-03,ads,x,c,3,EUR\n')
    zone.drop("costs/monthly/b.csv", GOOD)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = zone.extract("costs/monthly")
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mb < 150
    assert (report.rows_read, report.rows_in_lake, report.rows_quarantined) == (4, 3, 1)
    (refused,) = zone.quarantine("costs/monthly")
    assert refused["row"] == 2
    assert refused["reason"].startswith("line too long: expected at most 2000000 bytes, found 2000")
    assert refused["raw_text"].startswith('2026-03,ads,"xxx')


def test_a_long_line_of_newline_json(zone):
    event = {"event_name": "a", "event_timestamp": 1772372078123457, "event_date": "20260301"}
    long = event | {"event_name": "x" * 3_000_000}
    done = zone.load("ga4/events/a.json", "\n".join(json.dumps(e) for e in (event, long, event)))
    assert (done.rows_in_lake, done.rows_quarantined) == (2, 1)
    assert zone.quarantine("ga4/events")[0]["row"] == 2


def test_newline_json_with_lines_that_are_none(zone):
    event = json.dumps({"event_name": "a", "event_timestamp": "1772372078123457"})
    done = zone.load("ga4/events/a.json", f'{event}\n{{"event_name": "cut o\n{event}\n[1, 2]\n')
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (4, 2, 2)
    cut, array = zone.quarantine("ga4/events")
    assert (cut["row"], cut["raw_text"]) == (2, '{"event_name": "cut o')
    assert cut["reason"].startswith("not JSON")
    assert array["row"] == 4


def test_a_folder_that_no_stream_declares(zone):
    from orchestration.exports.lake import report_undeclared

    zone.drop("tiktok/videos/a.csv", "a,b\n1,2\n")
    zone.drop("costs/yearly/a.csv", "a,b\n1,2\n")
    zone.drop("costs/loose.csv", "a,b\n1,2\n")
    zone.drop("loose.csv", GOOD)
    zone.drop("costs/monthly/deep/down/fine.csv", GOOD)
    zone.drop("costs/.DS_Store", "x")
    found = report_undeclared(zone.landing, zone.data, zone.now)
    assert [(file.file, file.status) for file in found] == [
        ("costs/loose.csv", "undeclared"),
        ("costs/yearly/a.csv", "undeclared"),
        ("loose.csv", "undeclared"),
        ("tiktok/videos/a.csv", "undeclared"),
    ]
    assert "no stream is declared for tiktok/videos" in found[3].message
    assert [row["status"] for row in zone.records()] == ["undeclared"] * 4
    before = zone.bytes_of_lake()
    assert report_undeclared(zone.landing, zone.data, zone.now + timedelta(days=1)) == found
    assert zone.bytes_of_lake() == before


def test_links_and_names_that_lead_out_of_the_landing_zone(zone):
    from orchestration.exports.lake import report_undeclared

    outside = zone.root / "secret.csv"
    outside.write_text(GOOD)
    (zone.root / "elsewhere").mkdir()
    (zone.root / "elsewhere" / "inside.csv").write_text(GOOD)
    zone.drop("costs/monthly/good.csv", GOOD)
    (zone.landing / "costs/monthly/link.csv").symlink_to(outside)
    (zone.landing / "costs/monthly/up").symlink_to("../../..")
    (zone.landing / "costs/monthly/folder").symlink_to(zone.root / "elsewhere")
    (zone.landing / "surveys").symlink_to(zone.root / "elsewhere")
    zone.drop("costs/monthly/..\\..\\evil.csv", GOOD)
    report = zone.extract("costs/monthly")
    status = {file.file: file.status for file in report.files}
    assert status.pop("costs/monthly/good.csv") == "loaded"
    assert set(status) == {
        "costs/monthly/link.csv",
        "costs/monthly/up",
        "costs/monthly/folder",
        "costs/monthly/..\\..\\evil.csv",
    }
    assert set(status.values()) == {"rejected"}
    assert len(zone.rows("costs/monthly")) == 1
    assert all("refused" in row["reason"] for row in zone.quarantine("costs/monthly"))
    assert zone.extract("surveys/responses").files == []
    (refused,) = report_undeclared(zone.landing, zone.data, zone.now)
    assert (refused.file, refused.status) == ("surveys", "rejected")
    assert "leads out of the landing zone" in refused.message


def test_a_stream_name_with_dots_is_no_stream():
    from orchestration.errors import DeclarationError
    from orchestration.exports.registry import stream

    with pytest.raises(DeclarationError, match="no stream is declared"):
        stream("../costs")


@pytest.mark.parametrize("damaged", ["1.22158E+17", "1E+17", "1,22158e+17"])
def test_an_id_in_scientific_notation(zone, damaged):
    zone.load(
        "x/posts/a.csv",
        "Post id,Date,Post Link,Likes\n"
        f'"{damaged}",2026-03-01,https://x.com/b/status/122158123456789012,3\n'
        "122158123456789012,2026-03-01,,3\n",
    )
    assert [row["post_id"] for row in zone.rows("x/posts")] == ["122158123456789012"]
    (refused,) = zone.quarantine("x/posts")
    assert (refused["row"], refused["column_name"], refused["found"]) == (1, "post_id", damaged)
    assert refused["reason"].startswith("damaged id")
    assert json.loads(refused["raw_text"])["Post Link"].endswith("122158123456789012")


@pytest.mark.parametrize(
    "written",
    ["2026-02-30 10:00+0000", "2026-13-01 10:00", "31/02/2026 10:00", "soon", "24/09/13 9:00"],
)
def test_a_date_that_does_not_exist(zone, written):
    done = zone.load(
        "ringcentral_engage/journal/a.csv",
        JOURNAL + f"1,{written},a.b,x\n2,2026-02-28 10:00+0000,a.b,x\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 1)
    (refused,) = zone.quarantine("ringcentral_engage/journal")
    assert (refused["column_name"], refused["found"]) == ("created_at", written)
    assert refused["reason"].startswith("not an instant that exists")


@pytest.mark.parametrize("written", ["-5", "-0.5"])
def test_a_negative_duration(zone, written):
    done = zone.load(
        "ringcentral_engage/interventions/a.csv",
        EPISODES + f"1,2026-03-01 10:00,t,{written},1,\n2,2026-03-01 10:00,t,0,1,\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 1)
    (refused,) = zone.quarantine("ringcentral_engage/interventions")
    assert (refused["column_name"], refused["found"]) == ("first_user_reply_in", written)
    assert refused["reason"].startswith("negative value")


def test_a_message_from_the_future(zone):
    future = zone.now + timedelta(days=3)
    zone.load(
        "ringcentral_engage/journal/a.csv",
        JOURNAL + f"1,{future:%Y-%m-%d %H:%M}+0000,a.b,x\n2,2026-04-16 05:59+0000,a.b,x\n",
    )
    assert [row["id"] for row in zone.rows("ringcentral_engage/journal")] == ["2"]
    (refused,) = zone.quarantine("ringcentral_engage/journal")
    assert refused["reason"].startswith("in the future")
    # Not yet past: nothing to do. Past: read again, and the row is in the lake.
    assert zone.extract("ringcentral_engage/journal", now=zone.now).skipped == 1
    report = zone.extract("ringcentral_engage/journal", now=zone.now + timedelta(days=2, minutes=1))
    assert report.rows_in_lake == 2
    assert zone.quarantine("ringcentral_engage/journal") == []
    assert len(zone.records()) == 1


def test_plans_may_lie_in_the_future(zone):
    done = zone.load(
        "ringcentral_engage/interventions/a.csv",
        EPISODES + "1,2026-03-01 10:00,t,0,1,2027-01-01 10:00\n",
    )
    assert done.status == "loaded"
    assert zone.rows("ringcentral_engage/interventions")[0][
        "deferred_at"
    ] == datetime.fromisoformat("2027-01-01") + timedelta(hours=10)


def test_markup_and_formulas_are_text(zone):
    texts = [
        "<script>alert('x')</script>",
        '=HYPERLINK("http://evil","x")',
        "+1 @SUM(A1)",
        "-2",
        "@you; drop table x; --",
        "' or 1=1 --",
        "\x01broken:1",
    ]
    quoted = "".join(
        '{},2026-03-01 10:00,a.b,"{}"\n'.format(n, text.replace('"', '""'))
        for n, text in enumerate(texts)
    )
    done = zone.load("ringcentral_engage/journal/a.csv", JOURNAL + quoted)
    assert done.status == "loaded"
    assert [row["message"] for row in zone.rows("ringcentral_engage/journal")] == texts


def test_rows_cut_off_and_rows_too_long(zone):
    done = zone.load(
        "costs/monthly/a.csv",
        COSTS
        + '2026-03,ads,x,"a\nb",1,EUR\n2026-03,ads\n\n2026-03,ads,x,"a\nb",2,EUR,more\n'
        + "2026-03,ads,x,c,3,EUR\n2026-03,ads,x,c",
    )
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (5, 2, 3)
    assert [row["_source_row"] for row in zone.rows("costs/monthly")] == [1, 4]
    short, long, last = zone.quarantine("costs/monthly")
    assert (short["row"], long["row"], last["row"]) == (2, 3, 5)
    assert short["reason"].startswith("truncated row")
    assert long["reason"] == "too many cells: expected 6, found 7"
    assert long["raw_text"] == '2026-03,ads,x,"a\nb",2,EUR,more'


def test_quotes_that_never_close_cost_their_own_row_only(zone):
    rows = [f"2026-03,ads,x,c,{n},EUR\n" for n in range(2000)]
    rows[10] = '2026-03,ads,"oops,c,10,EUR\n'
    rows[500] = '2026-03,ads,"ok",c,500,EUR\n'
    rows[1200] = '2026-03,ads,"half" full,c,1200,EUR\n'
    rows[1990] = '2026-03,ads,"open to the end,c,1990,EUR\n'
    done = zone.load("costs/monthly/a.csv", COSTS + "".join(rows))
    assert (done.rows_read, done.rows_in_lake, done.rows_quarantined) == (2000, 1997, 3)
    refused = zone.quarantine("costs/monthly")
    assert [row["row"] for row in refused] == [11, 1201, 1991]
    assert [row["raw_text"] for row in refused] == [rows[n].rstrip("\n") for n in (10, 1200, 1990)]
    kept = zone.rows("costs/monthly")
    assert all(row["amount"] == row["_source_row"] - 1 for row in kept)


def test_numbers_that_are_none(zone):
    amounts = ["abc", "1.2.3", "nan", "inf", "0x10", "--1", "1,5"]
    body = "".join(f'2026-03,ads,x,c,"{amount}",EUR\n' for amount in amounts)
    done = zone.load("costs/monthly/a.csv", COSTS + body)
    assert (done.rows_in_lake, done.rows_quarantined) == (0, len(amounts))
    assert [row["found"] for row in zone.quarantine("costs/monthly")] == amounts


def test_fractions_and_huge_numbers_are_no_integers(zone):
    body = "".join(
        f"{n},2026-03-01 10:00,t,0,{count},\n"
        for n, count in enumerate(["1.5", "99999999999999999999", "12.0", "9007199254740993"])
    )
    zone.load("ringcentral_engage/interventions/a.csv", EPISODES + body)
    kept = zone.rows("ringcentral_engage/interventions")
    assert [row["user_replies_count"] for row in kept] == [12, 9007199254740993]
    refused = zone.quarantine("ringcentral_engage/interventions")
    assert {row["reason"].split(":")[0] for row in refused} == {"not an integer"}


def test_a_row_without_its_key(zone):
    zone.load("ringcentral_engage/categories/a.csv", "id,name\n,a\n2,\n3,c\n")
    assert len(zone.rows("ringcentral_engage/categories")) == 1
    refused = zone.quarantine("ringcentral_engage/categories")
    assert [row["column_name"] for row in refused] == ["id", "name"]


def test_the_message_of_a_file_says_what_is_wrong_and_how_often(zone):
    done = zone.load(
        "ringcentral_engage/categories/a.csv", "id,name\n,a\n,b\n1E+5,c\nTotal,\n4,d\n"
    )
    assert "1 of 5 rows loaded" in done.message
    assert "2 × missing value in id" in done.message
    assert "1 × damaged id in id" in done.message
    assert "1 × total row" in done.message
