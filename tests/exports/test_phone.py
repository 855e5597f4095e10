"""Daily figures of a phone system, as people hand them over."""

from __future__ import annotations

from datetime import date

HEADER = (
    "date,queue,calls_offered,calls_answered,calls_abandoned,talk_s,hold_s,after_call_s,"
    "agent_hours,deflections_offered,deflections_accepted,callbacks_within_7d,deflection_channel\n"
)


def test_a_day_and_queue_with_what_was_offered_instead(zone) -> None:
    zone.load(
        "phone/daily/phone_2026-04-01.csv",
        HEADER
        + '2026-03-30,Support EMEA,"1,100",980,120,270000,9000,54000,24.5,40,12,2,WhatsApp\n'
        + "2026-03-30,Billing,50,45,5,,,,,,,,\n",
    )
    support, billing = zone.rows("phone/daily")
    assert (support["date"], support["calls_offered"]) == (date(2026, 3, 30), 1100)
    assert (support["agent_hours"], support["deflection_channel"]) == (24.5, "WhatsApp")
    # What is not measured is not zero.
    assert (billing["talk_s"], billing["deflections_offered"]) == (None, None)


def test_semicolon_files_write_a_decimal_comma(zone) -> None:
    zone.load(
        "phone/daily/phone_2026-04-01.csv",
        "Date;Queue;Calls offered;Talk s;Agent hours\n2026/03/30;Billing;1.100;27000,5;24,5\n",
    )
    (row,) = zone.rows("phone/daily")
    assert (row["calls_offered"], row["talk_s"], row["agent_hours"]) == (1100, 27000.5, 24.5)


def test_rows_that_cannot_be_meant_are_set_aside(zone) -> None:
    done = zone.load(
        "phone/daily/phone_2026-04-01.csv",
        HEADER
        + "2026-03-30,Billing,50,45,5,,,,,,,,\n"
        + "2026-03-31,Billing,-1,45,5,,,,,,,,\n"
        + "2026-02-30,Billing,50,45,5,,,,,,,,\n"
        + "2026-03-31,,50,45,5,,,,,,,,\n"
        + "2026-03-31,Billing,12.5,45,5,,,,,,,,\n"
        + "Total,,150,135,15,,,,,,,,\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 5)
    refused = [
        (row["column_name"], row["reason"].split(":")[0]) for row in zone.quarantine("phone/daily")
    ]
    assert refused == [
        ("calls_offered", "negative value"),
        ("date", "not a date that exists"),
        ("queue", "missing value"),
        ("calls_offered", "not an integer"),
        (None, "total row"),
    ]


def test_a_file_without_queues_is_refused(zone) -> None:
    done = zone.load("phone/daily/a.csv", "date,calls_offered\n2026-03-30,50\n")
    assert done.status == "rejected"
    assert "queue" in done.message
