"""Wall times whose zone is an account's: nowhere in the file, so a setting says it.

Streams are made up here. What a source's columns are is tested beside its own declarations.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from orchestration.exports.contract import Column, Stream, identifier, instant

at = datetime.fromisoformat

TICKETS = Stream(
    source="desk",
    name="tickets",
    key=("id",),
    columns=(
        Column("id", identifier, required=True),
        Column("created_at", instant("%d.%m.%Y %H:%M", zone_setting=True), required=True),
        Column("solved_at", instant(zone_setting=True)),
        Column("sent_at", instant(zone="Asia/Tokyo")),
    ),
)
BERLIN = {"desk": "Europe/Berlin"}


def extract(zone, text: str | None = None, **more):
    """Extract one file of the stream and return its report, None if it was read before."""
    if text is not None:
        zone.drop("desk/tickets/tickets_2026-04-01.csv", text)
    report = zone.extract("desk/tickets", stream=TICKETS, **more)
    return next(iter(report.files), None)


def test_wall_times_are_of_the_zone_that_is_set(zone):
    extract(
        zone,
        "id,created_at,solved_at,sent_at\n"
        "1,2026-01-05 12:00:00,2026-07-05 12:00:00,2026-01-05 12:00:00\n"
        "2,05.01.2026 12:00,2026-01-05T12:00:00Z,\n",
        export_zones={**BERLIN, "other": "Asia/Tokyo"},
        now=at("2026-08-01T00:00:00+00:00"),
    )
    rows = zone.rows("desk/tickets")
    assert [row["created_at"] for row in rows] == [at("2026-01-05 11:00:00")] * 2
    assert rows[0]["solved_at"] == at("2026-07-05 10:00:00")
    assert rows[0]["sent_at"] == at("2026-01-05 03:00:00"), "a declared zone is not a setting"
    assert rows[1]["solved_at"] == at("2026-01-05 12:00:00"), "an offset in the text rules"


def test_without_a_setting_the_zone_is_utc_and_the_report_says_so(zone):
    done = extract(zone, "id,created_at\n1,2026-01-05 12:00:00\n2,2026-01-06 12:00:00\n")
    assert zone.rows("desk/tickets")[0]["created_at"] == at("2026-01-05 12:00:00")
    assert done.status == "loaded"
    (warning,) = [w for w in done.warnings if "WAREHOUSE_EXPORT_ZONES=desk=<zone>" in w]
    assert warning.startswith("2 times carry no zone and were read as UTC")


@pytest.mark.parametrize("zones", [BERLIN, {"desk": "UTC"}])
def test_a_zone_that_is_set_needs_no_warning(zone, zones):
    done = extract(zone, "id,created_at\n1,2026-01-05 12:00:00\n", export_zones=zones)
    assert done.warnings == ()


def test_times_with_an_offset_need_no_setting(zone):
    done = extract(zone, "id,created_at\n1,2026-01-05T12:00:00Z\n")
    assert done.warnings == ()


def test_another_zone_reads_the_files_again_and_the_same_zone_does_not(zone):
    extract(zone, "id,created_at\n1,2026-01-05 12:00:00\n", export_zones=BERLIN)
    assert extract(zone, export_zones=BERLIN) is None
    assert extract(zone, export_zones={**BERLIN, "other": "Asia/Tokyo"}) is None
    assert extract(zone, export_zones={"desk": "America/New_York"}) is not None
    (row,) = zone.rows("desk/tickets")
    assert row["created_at"] == at("2026-01-05 17:00:00")


def test_a_local_time_that_exists_twice_or_not_at_all_is_flagged_and_read_with_the_earlier_offset(
    zone,
):
    done = extract(
        zone,
        "id,created_at,solved_at\n"
        "twice,2025-10-26 02:30:00,2025-10-26 03:30:00\n"
        "never,2026-03-29 02:30:00,2026-03-29 03:30:00\n"
        "both,2025-10-26 02:30:00,2026-03-29 02:30:00\n"
        "once,2026-03-30 02:30:00,\n",
        export_zones=BERLIN,
    )
    rows = {row["id"]: row for row in zone.rows("desk/tickets")}
    assert {name: row["_zone_notes"] for name, row in rows.items()} == {
        "twice": "created_at",
        "never": "created_at",
        "both": "created_at, solved_at",
        "once": None,
    }
    assert rows["twice"]["created_at"] == at("2025-10-26 00:30:00")
    assert rows["never"]["created_at"] == at("2026-03-29 01:30:00")
    assert done.warnings == (
        "4 local times exist twice or not at all; read with the earlier offset",
    )


def test_rows_of_streams_in_utc_have_no_notes(zone):
    extract(zone, "id,created_at\n1,2025-10-26T02:30:00Z\n")
    assert zone.rows("desk/tickets")[0]["_zone_notes"] is None
