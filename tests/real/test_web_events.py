"""Visits, conversions and credit of the real web events, counted again in plain Python.

The shop is a simulation that also wrote down its own totals. Where a total has a definition that
the files can answer it must agree; the others are named here with the reason. `sales` (75) are the
59 purchases of the site and 16 sales that only the customer database knows.
`clean_sale_stitches` (53) counts joins of the two by a rule that is not written down; 51 purchase
events carry an order number and 59 a quote number. Reported conversions and sales of Meta and
Google, clicks and insights are claims and rows of files that are no part of the web events.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from tests.oracle.attribution import MODELS
from tests.real import web_by_hand
from tests.real.by_hand import records
from tests.real.conftest import KEY

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def events(real_landing) -> list[dict[str, str]]:
    return list(records(real_landing / web_by_hand.FILE))


@pytest.fixture(scope="module")
def visits(events) -> list[web_by_hand.Visit]:
    return web_by_hand.visits(events, KEY)


@pytest.fixture(scope="module")
def conversions(events, real_landing) -> list[web_by_hand.Conversion]:
    outcomes = records(real_landing / web_by_hand.OUTCOMES)
    return web_by_hand.conversions(events, outcomes, KEY)


@pytest.fixture(scope="module")
def simulated(real_truth) -> dict[str, float]:
    summary = records(real_truth / "web_events_simulation_summary.csv")
    return {row["metric"]: float(row["value"]) for row in summary}


def test_every_visit_agrees_row_by_row(visits, real_web_warehouse) -> None:
    stored = {
        row["session_key"]: row
        for row in real_web_warehouse.rows(
            "select session_key, visitor_key, started_at, ended_at, channel_group, network,"
            " is_social, events, page_views, conversions, primary_conversions"
            " from core.fct_web_sessions"
        )
    }
    assert stored == {
        visit.key: {
            "session_key": visit.key,
            "visitor_key": visit.visitor,
            "started_at": visit.started_at,
            "ended_at": visit.ended_at,
            "channel_group": visit.channel_group,
            "network": visit.network,
            "is_social": visit.network is not None,
            "events": visit.events,
            "page_views": visit.page_views,
            "conversions": visit.leads + visit.purchases,
            "primary_conversions": visit.purchases,
        }
        for visit in visits
    }
    assert Counter(visit.channel_group for visit in visits) == {
        "Paid Social": 379,
        "Paid Search": 373,
        "Direct": 126,
        "Unassigned": 44,
        "Organic Search": 15,
    }


def test_every_conversion_agrees_row_by_row(conversions, real_web_warehouse) -> None:
    stored = real_web_warehouse.rows(
        "select conversion_kind, session_key, converted_at, visitor_key, transaction_id,"
        " is_primary, value, source from core.fct_conversions"
    )
    assert Counter(tuple(row.values()) for row in stored) == Counter(
        (
            one.kind,
            one.visit,
            one.converted_at,
            one.visitor,
            one.transaction,
            one.kind == "purchase",
            one.value,
            "web_events" if one.visit else "crm",
        )
        for one in conversions
    )
    purchases = [conversion for conversion in conversions if conversion.kind == "purchase"]
    orders = {purchase.transaction for purchase in purchases if purchase.visit} - {None}
    assert (len(purchases), len(orders)) == (75, 51)
    assert sum(purchase.visit is None for purchase in purchases) == 16
    assert all(purchase.value is not None for purchase in purchases)


def test_every_credit_agrees_row_by_row(visits, conversions, real_web_warehouse) -> None:
    stored = {
        (
            f"{row['kind']} {row['place']} {row['converted_at']}",
            row["session_key"],
            row["model"],
        ): row
        for row in real_web_warehouse.rows(
            "select conversions.conversion_kind as kind,"
            " coalesce(conversions.session_key, conversions.visitor_key) as place,"
            " conversions.converted_at, credits.model, credits.session_key, credits.credit,"
            " credits.credited_value"
            " from core.fct_attribution as credits"
            " inner join core.fct_conversions as conversions"
            " on conversions.conversion_key = credits.conversion_key"
        )
    }
    counted = {
        key: credit
        for key, credit in web_by_hand.credit(conversions, visits).items()
        if credit > 1e-11
    }
    assert stored.keys() == counted.keys()
    assert {key: row["credit"] for key, row in stored.items()} == pytest.approx(counted, abs=1e-9)
    worth = {one.name: one.value for one in conversions}
    assert {key: row["credited_value"] for key, row in stored.items()} == pytest.approx(
        {
            key: None if worth[key[0]] is None else worth[key[0]] * credit
            for key, credit in counted.items()
        },
        abs=1e-6,
    )


def test_credits_and_values_of_a_model_add_up_to_conversions_and_revenue(
    conversions, real_web_warehouse
) -> None:
    totals = defaultdict(dict)
    for row in real_web_warehouse.rows(
        "select model, conversion_kind, date_trunc('month', converted_on)::date as month_on,"
        " sum(credit) as credit, sum(credited_value) as revenue"
        " from core.fct_attribution group by all"
    ):
        totals[row["model"]][row["conversion_kind"], row["month_on"]] = (
            row["credit"],
            row["revenue"],
        )
    expected: dict[tuple[str, date], tuple[int, float | None]] = {}
    for one in conversions:
        cell = one.kind, one.converted_at.date().replace(day=1)
        number, revenue = expected.get(cell, (0, None))
        if one.value is not None:
            revenue = (revenue or 0) + one.value
        expected[cell] = number + 1, revenue
    assert Counter(conversion.kind for conversion in conversions) == {"purchase": 75, "lead": 150}
    assert set(totals) == set(MODELS)
    for model in MODELS:
        assert totals[model].keys() == expected.keys(), model
        for cell, (number, revenue) in expected.items():
            credit, value = totals[model][cell]
            assert abs(credit - number) < 1e-9, (model, cell)
            assert (value is None) == (revenue is None), (model, cell)
            assert revenue is None or abs(value - revenue) < 1e-9 * revenue, (model, cell)


def test_totals_of_the_simulation_that_mean_the_same_agree(simulated, real_web_warehouse) -> None:
    (found,) = real_web_warehouse.rows(
        """
        with
            visitors as (
                select
                    visitor_key,
                    bool_or(channel_group = 'Paid Social') as has_meta,
                    bool_or(channel_group = 'Paid Search') as has_google,
                    bool_or(channel_group in ('Direct', 'Unassigned')) as has_untold
                from core.fct_web_sessions
                group by visitor_key
            )
        select
            count(*) as users,
            count(*) filter (where has_meta) as meta_exposed,
            count(*) filter (where has_google) as google_clicked,
            count(*) filter (where has_meta and has_google) as both_meta_google,
            count(*) filter (where has_untold) as direct_or_unknown_users,
            (select sum(events) from core.fct_web_sessions) as ga4_event_rows,
            (select count(*) from core.fct_conversions where conversion_kind = 'lead') as leads
        from visitors
        """
    )
    assert found == {name: simulated[name] for name in found}


def test_sales_of_the_simulation_include_those_the_site_never_saw(
    simulated, events, real_landing, real_web_warehouse
) -> None:
    outcomes = list(records(real_landing / web_by_hand.OUTCOMES))
    sold = {row["quote_id"] for row in outcomes if row["status"] == "won"}
    purchases = [event for event in events if event["event_name"] == "purchase"]
    seen = {purchase["quote_number_after_generated"] for purchase in purchases}
    (stored,) = real_web_warehouse.rows(
        "select count(*) as n, count(session_key) as seen from core.fct_conversions"
        " where conversion_kind = 'purchase'"
    )
    assert seen <= sold
    assert stored == {"n": simulated["sales"], "seen": len(seen)} == {"n": 75, "seen": 59}
