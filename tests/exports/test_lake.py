"""The promises of the lake: every version once, nothing twice, nothing lost, whatever happens.

Formats and faults of single files have tests of their own.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
from datetime import datetime, timedelta

import duckdb
import pytest

from orchestration.exports.registry import STREAMS

COSTS = "month,category,channel,campaign,amount,currency\n"


def row(amount: object, month: str = "2026-03") -> str:
    return f"{month},ads,x,c,{amount},EUR\n"


def amounts(zone) -> list[float]:
    return sorted(found["amount"] for found in zone.rows("costs/monthly"))


def test_every_stream_has_its_schema_without_any_file(zone):
    from orchestration.exports.contract import lake_schema
    from orchestration.exports.lake import ensure_lake
    from orchestration.exports.registry import STREAMS

    ensure_lake(zone.data)
    with duckdb.connect() as session:
        for stream in STREAMS:
            path = zone.data / "lake" / "raw" / stream.folder / "empty.parquet"
            found = session.execute(f"describe select * from '{path}'").fetchall()
            described = tuple((name, type_.lower()) for name, type_, *_ in found)
            assert described == lake_schema(stream)
            assert session.execute(f"select count(*) from '{path}'").fetchone() == (0,)
    assert zone.records() == []
    assert zone.quarantine() == []


def test_a_stream_without_a_folder_extracts_nothing(zone):
    report = zone.extract("costs/monthly")
    assert report.totals["files_read"] == 0
    assert report.preview == []
    assert zone.rows("costs/monthly") == []


def test_parts_have_the_types_and_order_of_the_schema(zone):
    from orchestration.exports.contract import lake_schema
    from orchestration.exports.registry import stream

    zone.load("costs/monthly/a.csv", COSTS + row(1))
    (part,) = (zone.data / "lake/raw/costs/monthly").glob("part-*.parquet")
    with duckdb.connect() as session:
        found = session.execute(f"describe select * from '{part}'").fetchall()
    described = tuple((name, type_.lower()) for name, type_, *_ in found)
    assert described == lake_schema(stream("costs/monthly"))


def test_an_unchanged_file_is_skipped_and_no_byte_changes(zone):
    zone.load("costs/monthly/a.csv", COSTS + row(1) + row("bad"))
    before = zone.bytes_of_lake()
    path = zone.landing / "costs/monthly/a.csv"
    os.utime(path, (0, 0))
    report = zone.extract("costs/monthly", now=zone.now + timedelta(days=1))
    assert (report.files, report.skipped) == ([], 1)
    assert report.standing == {
        "files": 1,
        "rejected_files": 0,
        "rows_read": 2,
        "rows_in_lake": 1,
        "rows_quarantined": 1,
    }
    assert zone.bytes_of_lake() == before


def test_a_changed_file_adds_a_version_and_loses_nothing(zone):
    zone.load("costs/monthly/a.csv", COSTS + row(1))
    zone.load("costs/monthly/a.csv", COSTS + row(1) + row(2))
    assert amounts(zone) == [1, 1, 2]
    assert len(zone.records()) == 2
    # Back to the first content: that version is already there.
    zone.drop("costs/monthly/a.csv", COSTS + row(1))
    assert zone.extract("costs/monthly").skipped == 1
    assert amounts(zone) == [1, 1, 2]


def test_a_file_that_leaves_the_landing_zone_stays_in_the_lake(zone):
    zone.load("costs/monthly/a.csv", COSTS + row(1))
    (zone.landing / "costs/monthly/a.csv").unlink()
    zone.extract("costs/monthly")
    assert amounts(zone) == [1]


def test_the_same_files_in_any_order_are_the_same_lake(zone, tmp_path):
    from tests.exports.conftest import Zone

    files = {f"costs/monthly/{n}.csv": COSTS + row(n) + row("x") for n in range(4)}
    for file, content in files.items():
        zone.drop(file, content)
    zone.extract("costs/monthly")
    other = Zone(tmp_path / "other")
    for file, content in reversed(files.items()):
        other.drop(file, content)
        other.extract("costs/monthly")
        other.extract("costs/monthly")
    for one, two in ((zone.rows, other.rows), (zone.quarantine, other.quarantine)):
        # Files without a date in their name carry the time they were written.
        same = [{k: v for k, v in r.items() if k != "_exported_at"} for r in one("costs/monthly")]
        assert same == [
            {k: v for k, v in r.items() if k != "_exported_at"} for r in two("costs/monthly")
        ]


def test_a_changed_declaration_reads_the_file_again(zone):
    from orchestration.exports.contract import Column, text
    from orchestration.exports.registry import stream

    old = stream("costs/monthly")
    zone.drop(
        "costs/monthly/a.csv", COSTS.replace("\n", ",owner\n") + row(1).replace("\n", ",me\n")
    )
    zone.extract("costs/monthly", stream=old)
    new = dataclasses.replace(old, columns=(*old.columns, Column("owner", text)))
    report = zone.extract("costs/monthly", stream=new)
    assert (len(report.files), report.skipped) == (1, 0)
    (found,) = zone.rows("costs/monthly")
    assert (found["owner"], found["_extra"]) == ("me", None)
    assert len(zone.records()) == 1
    assert zone.extract("costs/monthly", stream=new).skipped == 1


def test_another_pseudonym_key_reads_the_file_again(zone):
    content = "event_timestamp,event_name,user_pseudo_id\n2026-03-01 10:00:00,a,u1\n"
    zone.load("web_events/events/a.csv", content)
    (before,) = zone.rows("web_events/events")
    zone.extract("web_events/events", pseudonym_key="another key altogether")
    (after,) = zone.rows("web_events/events")
    assert before["user_pseudo_id"] != after["user_pseudo_id"]
    zone.load("costs/monthly/a.csv", COSTS + row(1))
    assert zone.extract("costs/monthly", pseudonym_key="another key altogether").skipped == 1


def test_an_interrupted_run_is_repaired_by_the_next(zone, monkeypatch):
    from orchestration.exports import lake

    zone.drop("costs/monthly/a.csv", COSTS + row(1) + row("bad"))
    zone.drop("costs/monthly/b.csv", COSTS + row(2))

    def power_cut(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(lake, "_write_record", power_cut)
        with pytest.raises(KeyboardInterrupt):
            zone.extract("costs/monthly")
    assert amounts(zone) == [1]
    assert zone.records() == []
    report = zone.extract("costs/monthly")
    assert (len(report.files), report.skipped) == (2, 0)
    assert amounts(zone) == [1, 2]
    assert len(zone.quarantine("costs/monthly")) == 1


def test_a_part_without_a_record_and_a_record_without_a_part(zone):
    zone.load("costs/monthly/a.csv", COSTS + row(1))
    folder = zone.data / "lake/raw/costs/monthly"
    (part,) = folder.glob("part-*.parquet")
    part.rename(folder / "part-0123456789abcdef.parquet")
    assert len(zone.extract("costs/monthly").files) == 1
    assert [path.name for path in folder.glob("part-*.parquet")] == [part.name]


def test_rows_read_are_rows_kept_and_set_aside_or_the_run_stops(zone, monkeypatch):
    from orchestration.errors import ConservationError
    from orchestration.exports import reader

    zone.drop("costs/monthly/a.csv", COSTS + row(1))
    honest = reader.read_file

    def forgetful(*args):
        reading = honest(*args)
        return dataclasses.replace(reading, rows=reading.rows + 1)

    monkeypatch.setattr(reader, "read_file", forgetful)
    with pytest.raises(ConservationError, match=r"costs/monthly/a\.csv: 2 rows read, but 1 kept"):
        zone.extract("costs/monthly")
    assert zone.rows("costs/monthly") == []
    assert zone.records() == []


def test_records_say_what_became_of_every_file(zone):
    zone.drop("costs/monthly/a_2026-03-31.csv", COSTS + row(1) + row("bad"))
    zone.drop("costs/monthly/b.csv", "")
    zone.extract("costs/monthly")
    first, second = zone.records()
    digest = hashlib.sha256((COSTS + row(1) + row("bad")).encode()).hexdigest()
    assert (first["source"], first["stream"]) == ("costs", "monthly")
    assert (first["file"], first["file_sha256"]) == ("costs/monthly/a_2026-03-31.csv", digest)
    assert first["exported_at"] == datetime.fromisoformat("2026-03-31")
    assert first["extracted_at"] == zone.now.replace(tzinfo=None)
    assert (first["rows_read"], first["rows_in_lake"], first["rows_quarantined"]) == (2, 1, 1)
    assert first["status"] == "partly_quarantined"
    assert (second["status"], second["rows_read"]) == ("rejected", 0)


def test_records_say_which_columns_a_file_has(zone):
    header = COSTS.strip()
    zone.drop("costs/monthly/a_2026-03-31.csv", f"{header},Odd | one\n" + row(1).strip() + ",x\n")
    zone.drop("costs/monthly/b.csv", "")
    zone.extract("costs/monthly")
    first, second = zone.records()
    [stream] = [each for each in STREAMS if each.folder == "costs/monthly"]
    declared = {column.name for column in stream.read_columns}
    found = first["columns_found"].split("|")
    assert found == sorted(found)
    assert {"month", "amount"} <= set(found) <= declared
    assert first["columns_unknown"] == "Odd one"
    assert (first["exported_at_is_known"], second["exported_at_is_known"]) == (True, False)
    assert (second["columns_found"], second["columns_unknown"]) == (None, None)


def test_nothing_but_parts_is_left_in_the_lake(zone):
    zone.load("costs/monthly/a.csv", "Preamble\n" + COSTS + row(1) + '2026-03,"x" y,x,c,1,EUR\n')
    left = [path for path in (zone.data / "lake").rglob("*") if path.is_file()]
    assert {path.name.split("-")[0] for path in left} <= {"part", "empty.parquet"}
    assert list((zone.data / "lake/.scratch").iterdir()) == []


@pytest.mark.parametrize(
    ("file", "moments"),
    [
        ("tweet_activity_metrics_b_20161201_20170101_en.csv", ["2016-12-01", "2017-01-01"]),
        ("account_analytics_content_2026-03-01_2026-03-31.csv", ["2026-03-01", "2026-03-31"]),
        ("messages_2026-03-31T06-30-15Z.csv.gz", ["2026-03-31 06:30:15"]),
        ("messages-20260331T0630.csv", ["2026-03-31 06:30"]),
        ("events_20260331", ["2026-03-31"]),
        ("order 20269931 and 1234567890123.csv", []),
        ("2026-03.csv", []),
    ],
)
def test_dates_in_file_names(file, moments):
    from orchestration.exports.lake import dates_in_name

    assert dates_in_name(f"x/posts/2020-01-01/{file}") == [
        datetime.fromisoformat(moment) for moment in moments
    ]


def test_without_a_date_in_its_name_a_file_is_dated_by_its_own_time(zone):
    path = zone.drop("costs/monthly/a.csv", COSTS + row(1))
    os.utime(path, (1_772_323_200, 1_772_323_200))
    zone.extract("costs/monthly")
    (found,) = zone.rows("costs/monthly")
    assert found["_exported_at"] == datetime.fromisoformat("2026-03-01")
    assert found["_exported_at_is_known"] is False


def test_the_preview_shows_rows_but_not_what_people_wrote(zone):
    header = "created_at,content_thread_id,id,status,author_id,body\n"
    lines = "".join(f"2026-03-01 10:00,t,m{n},New,person,secret words\n" for n in range(9))
    zone.drop("ringcentral_engage/messages/a.csv", header + lines)
    report = zone.extract("ringcentral_engage/messages")
    assert len(report.preview) == 5
    assert report.preview[0]["_source_row"] == 1
    assert "secret words" not in str(report.preview)
    assert "person" not in str(report.preview)


def test_files_of_some_size_take_the_planned_path(zone, monkeypatch):
    from orchestration.exports import reader

    lines = "".join(row(n) for n in range(3000)) + row("bad") + row("Total") + "x\n"
    zone.drop("costs/monthly/a.csv", COSTS + lines)
    zone.extract("costs/monthly")
    small, refused = zone.rows("costs/monthly"), zone.quarantine("costs/monthly")
    monkeypatch.setattr(reader, "SMALL", 0)
    for part in (zone.data / "lake/raw/extraction/files").glob("part-*"):
        part.unlink()
    zone.extract("costs/monthly")
    assert zone.rows("costs/monthly") == small
    assert zone.quarantine("costs/monthly") == refused
    assert [found["_source_row"] for found in small] == list(range(1, 3001))


def test_pseudonyms(zone):
    """c_ and the first 20 digits of sha256(key || sha256(key || value)), in every stream alike."""
    key = zone.key
    inner = hashlib.sha256((key + "p1").encode()).hexdigest()
    expected = "c_" + hashlib.sha256((key + inner).encode()).hexdigest()[:20]
    zone.load(
        "ringcentral_engage/messages/a.csv",
        "created_at,content_thread_id,id,status,author_id,author_name\n"
        "2026-03-01 10:00,t,m1,New, p1 ,Ann\n"
        "2026-03-01 10:00,t,m2,New,,\n"
        "2026-03-01 10:00,t,m3,,p1,Ann\n",
    )
    zone.load(
        "ringcentral_engage/identities/a.csv", "id,screenname,firstname,puppet\np1,@ann,Ann,0\n"
    )
    zone.load(
        "surveys/responses/a.csv",
        "survey_id,kind,scale,sent_at,contact_id\ns1,csat,1-5,2026-03-01 10:00,p1\n",
    )
    first, second = zone.rows("ringcentral_engage/messages")
    assert first["author_id"] == expected
    assert second["author_id"] is None
    (identity,) = zone.rows("ringcentral_engage/identities")
    assert identity["id"] == expected
    assert identity["_extra"] is None
    assert zone.rows("surveys/responses")[0]["contact_id"] == expected
    (refused,) = zone.quarantine("ringcentral_engage/messages")
    assert expected in refused["raw_text"]
    everything = b"".join(zone.bytes_of_lake().values())
    for secret in (b"@ann", b"Ann", key.encode()):
        assert secret not in everything


def test_only_customers_of_the_archive_are_pseudonymised(zone):
    zone.load(
        "customer_support_on_twitter/tweets/a.csv",
        ",tweet_id,author_id,inbound,created_at,text\n"
        "0,1,brand,False,Tue Oct 31 22:10:47 +0000 2017,a\n"
        "1,2,115712,True,Tue Oct 31 22:10:47 +0000 2017,b\n",
    )
    brand, customer = zone.rows("customer_support_on_twitter/tweets")
    assert brand["author_id"] == "brand"
    assert customer["author_id"].startswith("c_")


def test_local_times_are_read_in_the_declared_zone(zone):
    from orchestration.exports.contract import Column, Stream, identifier, instant

    declared = Stream(
        source="costs",
        name="monthly",
        key=("id",),
        columns=(
            Column("id", identifier, required=True),
            Column("at", instant("%d/%m/%Y %H:%M", zone="Europe/Madrid")),
        ),
    )
    zone.drop(
        "costs/monthly/a.csv",
        "id,at\n1,2026-03-28 12:00\n2,2026-03-29 02:30\n3,2025-10-26 02:30\n4,26/10/2025 03:30\n"
        "5,2025-10-26 02:30+0100\n6,\n",
    )
    report = zone.extract("costs/monthly", stream=declared)
    moments = [found["at"] for found in zone.rows("costs/monthly")]
    assert moments == [
        datetime.fromisoformat("2026-03-28 11:00"),
        datetime.fromisoformat("2026-03-29 01:30"),  # does not exist: read with the offset before
        datetime.fromisoformat("2025-10-26 00:30"),  # exists twice: the earlier of the two
        datetime.fromisoformat("2025-10-26 02:30"),
        datetime.fromisoformat("2025-10-26 01:30"),
        None,
    ]
    assert report.files[0].warnings == (
        "2 local times exist twice or not at all; read with the earlier offset",
    )


def test_declarations_that_contradict_themselves_are_refused():
    from orchestration.errors import DeclarationError
    from orchestration.exports.contract import Column, Stream, integer, text

    exempt = Column("a", integer, negative_where=("b", ("linkedin",)))
    for columns, key, word in (
        ((Column("a", text), Column("a", text)), (), "twice"),
        ((Column("a", text), Column("b", text, aliases=("A",))), (), "means both"),
        ((Column("a", text),), ("b",), "undeclared"),
        ((Column("a", text, pseudonym_when="b"),), (), "no column b"),
        ((exempt, Column("b", text)), (), "negative anyway"),
    ):
        with pytest.raises(DeclarationError, match=word):
            Stream(source="s", name="n", columns=columns, key=key)
    with pytest.raises(DeclarationError, match="without records"):
        Stream(source="s", name="n", columns=(Column("a", text),), key=(), spread="values")


def test_loading_the_declarations_is_cheap():
    import subprocess
    import sys

    code = (
        "import sys, time; import dataclasses, re, hashlib, typing; t = time.perf_counter();"
        "import orchestration.exports.registry; took = time.perf_counter() - t;"
        "heavy = {'duckdb', 'pandas', 'numpy', 'dagster'} & set(sys.modules); print(took, heavy)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    took, heavy = done.stdout.split(" ", 1)
    assert heavy.strip() == "set()"
    assert float(took) < 0.5
