"""Visits, conversions and credit of the real web events, counted again in plain Python.

The shop is a simulation that also wrote down its own totals. Where a total has a definition that
the events can answer it must agree; the others are named here with the reason. `sales` (75) counts
the orders of the shop's CRM, 16 of which were closed on the phone and never reached the site, whose
events have 59. `clean_sale_stitches` (53) counts joins of CRM and events by a rule that is not
written down; 51 purchase events carry an order number and 59 a quote number. Reported conversions
and sales of Meta and Google, clicks and insights are claims and rows of files that are no part of
the web events.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

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
def conversions(events) -> list[web_by_hand.Conversion]:
    return web_by_hand.conversions(events, KEY)


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
        "select conversion_kind, session_key, converted_at, visitor_key, transaction_id, is_primary"
        " from core.fct_conversions"
    )
    assert Counter(tuple(row.values()) for row in stored) == Counter(
        (
            one.kind,
            one.visit,
            one.converted_at,
            one.visitor,
            one.transaction,
            one.kind == "purchase",
        )
        for one in conversions
    )
    purchases = [conversion for conversion in conversions if conversion.kind == "purchase"]
    orders = {purchase.transaction for purchase in purchases} - {None}
    assert (len(purchases), len(orders)) == (59, 51)


def test_every_credit_agrees_row_by_row(visits, conversions, real_web_warehouse) -> None:
    stored = {
        (
            (row["conversion_kind"], row["visit"], row["converted_at"]),
            row["model"],
            row["session_key"],
        ): row["credit"]
        for row in real_web_warehouse.rows(
            "select conversions.conversion_kind, conversions.session_key as visit,"
            " conversions.converted_at, credits.model, credits.session_key, credits.credit"
            " from core.fct_attribution as credits"
            " inner join core.fct_conversions as conversions"
            " on conversions.conversion_key = credits.conversion_key"
        )
    }
    counted = web_by_hand.credit(conversions, visits)
    assert stored.keys() == counted.keys()
    assert stored == pytest.approx(counted)


def test_credits_of_a_model_add_up_to_the_conversions(conversions, real_web_warehouse) -> None:
    totals = defaultdict(dict)
    for row in real_web_warehouse.rows(
        "select model, conversion_kind, sum(credit) as credit from core.fct_attribution"
        " group by model, conversion_kind"
    ):
        totals[row["model"]][row["conversion_kind"]] = row["credit"]
    expected = Counter(conversion.kind for conversion in conversions)
    assert expected == {"purchase": 59, "lead": 150}
    assert set(totals) == set(web_by_hand.MODELS)
    for model in web_by_hand.MODELS:
        assert totals[model] == pytest.approx(expected), model


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
    outcomes = list(records(real_landing / "crm/outcomes/crm_outcomes.csv"))
    sold = {row["quote_id"] for row in outcomes if row["status"] == "won"}
    purchases = [event for event in events if event["event_name"] == "purchase"]
    seen = {purchase["quote_number_after_generated"] for purchase in purchases}
    (stored,) = real_web_warehouse.rows(
        "select count(*) as n from core.fct_conversions where conversion_kind = 'purchase'"
    )
    assert simulated["sales"] == len(sold) == 75
    assert seen <= sold
    assert len(seen) == stored["n"] == 59
