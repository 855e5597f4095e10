"""Sessions of a thousand visitors against a walk; wrong clocks, scripts, people in two exports."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.web import walk
from tests.web.conftest import EARLY, SCRIPT_EVENTS, Warehouse, key, pseudonym, visitor_key

COLUMNS = (
    "started_at, ended_at, started_on, session_number, events, page_views, traffic_source,"
    " traffic_medium, campaign"
)


@pytest.mark.parametrize("source", ["ga4", "web_events"])
def test_sessions_are_those_of_a_walk_through_the_events(
    web_warehouse: Warehouse, wanderers: dict[str, list[walk.Event]], source: str
) -> None:
    names = {visitor_key(source, event.visitor): event.visitor for event in wanderers[source]}
    walked = walk.sessions(wanderers[source])
    stored = {
        (names[row.pop("visitor_key")], row["started_at"]): walk.Session(*row.values())
        for row in web_warehouse.rows(
            f"select visitor_key, {COLUMNS} from core.fct_web_sessions where source = '{source}'"
        )
        if row["visitor_key"] in names
    }
    assert len(names) == 500
    assert stored == walked


def test_the_walk_meets_midnight_clock_changes_and_a_campaign_in_the_middle(
    wanderers: dict[str, list[walk.Event]],
) -> None:
    """What the thousand visitors would not show if chance were unkind."""
    walked = {
        **walk.sessions(wanderers["ga4"]),
        **walk.sessions(wanderers["web_events"]),
    }
    over_midnight = over_change = 0
    for session in walked.values():
        first, last = (at.replace(tzinfo=walk.UTC) for at in (session.started_at, session.ended_at))
        over_midnight += first.astimezone(walk.ZONE).date() != last.astimezone(walk.ZONE).date()
        over_change += (
            first.astimezone(walk.ZONE).utcoffset() != last.astimezone(walk.ZONE).utcoffset()
        )
    instants = {
        (event.visitor, event.at) for events in wanderers.values() for event in events
    } - walked.keys()
    second_campaigns = sum(
        "utm_source" in event.page and (event.visitor, event.at) in instants
        for events in wanderers.values()
        for event in events
    )
    assert min(over_midnight, over_change, second_campaigns) > 20


def test_wrong_clocks_lose_their_time_of_day_and_keep_their_day(web_warehouse: Warehouse) -> None:
    found = {
        row.pop("visitor_key"): tuple(row.values())
        for row in web_warehouse.rows(
            "select visitor_key, started_at, started_on, duration_s, events, is_clock_skewed"
            " from core.fct_web_sessions"
        )
    }
    noon = datetime(2026, 3, 3, 17)  # noqa: DTZ001
    day = date(2026, 3, 3)
    assert found[visitor_key("ga4", "lives in 2016")] == (noon, day, 0, 2, True)
    assert found[visitor_key("ga4", "two days ahead")] == (noon, day, 0, 1, True)
    assert found[visitor_key("ga4", "mended on the way")] == (EARLY, day, 7200, 2, True)
    assert found[visitor_key("ga4", "auckland")] == (
        datetime(2026, 3, 3, 12),  # noqa: DTZ001
        day,
        0,
        1,
        False,
    )
    assert visitor_key("ga4", "from the future") not in found


def test_visitor_too_busy_for_a_person_is_automated(web_warehouse: Warehouse) -> None:
    automated = web_warehouse.rows(
        "select visitor_key, events from core.fct_web_sessions where is_automated"
    )
    assert automated == [{"visitor_key": visitor_key("ga4", "script"), "events": SCRIPT_EVENTS}]
    busy = visitor_key("ga4", "busy person")
    (person,) = web_warehouse.rows(
        f"select events from core.fct_web_sessions where visitor_key = '{busy}'"
    )
    assert person == {"events": SCRIPT_EVENTS - 1}


def test_one_signed_in_person_has_one_key_in_both_exports(web_warehouse: Warehouse) -> None:
    users = web_warehouse.rows(
        "select visitor_key, user_key from core.fct_web_sessions where user_key is not null"
    )
    assert {row["visitor_key"] for row in users} == {
        visitor_key("ga4", "signed in"),
        visitor_key("web_events", "signed in too"),
    }
    assert {row["user_key"] for row in users} == {key("user", pseudonym("person-1"))}


def test_no_id_of_a_person_reaches_the_lake_as_it_was(web_warehouse: Warehouse) -> None:
    for stream, column in (("ga4", "user_id"), ("web_events", "user_id_ui")):
        parts = web_warehouse.folder / "lake" / "raw" / stream / "events"
        stored = web_warehouse.rows(
            f"select distinct {column} as person from read_parquet('{parts}/part*.parquet')"
            f" where {column} is not null"
        )
        assert stored == [{"person": pseudonym("person-1")}]
