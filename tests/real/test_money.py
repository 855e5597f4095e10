"""Sales and advertising of the real shop, added up again in plain Python.

The shop is a simulation that wrote down its own totals: 75 sales in the customer database, 61 of
which Meta claims for itself in its insights. The claim stays a claim: it stands beside our credits
and is never added to them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from math import fsum

import pytest

from tests.real.by_hand import records

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def leads(real_landing) -> list[dict[str, str]]:
    return list(records(real_landing / "crm/outcomes/crm_outcomes.csv"))


@pytest.fixture(scope="module")
def insights(real_landing) -> list[dict[str, str]]:
    return list(records(real_landing / "ad_spend/daily/meta_ads_insights.csv"))


@pytest.fixture(scope="module")
def told(real_truth) -> dict[str, float]:
    """The simulation's own totals."""
    summary = records(real_truth / "web_events_simulation_summary.csv")
    return {row["metric"]: float(row["value"]) for row in summary}


def test_won_leads_are_the_orders_and_nothing_else_is(leads, told, real_web_warehouse) -> None:
    stored = real_web_warehouse.rows(
        "select transaction_id, value, status, is_sale, customer_key from core.fct_orders"
    )
    won = {row["order_id"]: float(row["revenue"]) for row in leads if row["status"] == "won"}
    assert {row["transaction_id"]: row["value"] for row in stored} == won
    assert len(stored) == told["sales"]
    assert all(row["is_sale"] and row["status"] == "paid" for row in stored)
    # Nobody listed these customers: each login is one of its own, without a social identity.
    customers = real_web_warehouse.rows(
        "select customer_key, is_listed, has_social_identity from core.dim_customer"
    )
    assert {row["customer_key"] for row in customers} == {row["customer_key"] for row in stored}
    assert not any(row["is_listed"] or row["has_social_identity"] for row in customers)


def test_every_sale_is_one_conversion_wherever_it_was_closed(leads, real_web_warehouse) -> None:
    """Sales of the site and of the phone: none twice, none lost, with the money of the database."""
    stored = real_web_warehouse.rows(
        "select transaction_id, value from core.fct_conversions where is_primary"
    )
    won = [float(row["revenue"]) for row in leads if row["status"] == "won"]
    assert len(stored) == len(won)
    assert sorted(row["value"] for row in stored) == pytest.approx(sorted(won), abs=1e-9)


def test_spend_of_each_day_and_campaign_is_that_of_the_file(insights, real_web_warehouse) -> None:
    spent: dict[tuple, list[float]] = defaultdict(list)
    for row in insights:
        day, name = date.fromisoformat(row["date_start"]), row["campaign_name"].lower()
        spent[day, name, row["publisher_platform"]].append(float(row["spend"]))
    stored = real_web_warehouse.rows(
        "select date_on, campaign, network, sum(spend) as spend"
        " from core.fct_ad_spend left join core.dim_campaign using (campaign_key)"
        " group by date_on, campaign, network"
    )
    found = {(row["date_on"], row["campaign"], row["network"]): row["spend"] for row in stored}
    assert found == pytest.approx({key: fsum(values) for key, values in spent.items()}, abs=1e-9)


def test_counts_of_the_platform_are_kept_and_its_claim_is_its_own(
    insights, told, real_web_warehouse
) -> None:
    (stored,) = real_web_warehouse.rows(
        "select sum(impressions) as impressions, sum(clicks) as clicks,"
        " sum(link_clicks) as link_clicks, sum(reported_conversions) as claimed,"
        " count(distinct channel_group) as channel_groups, min(channel_group) as channel_group"
        " from core.fct_ad_spend"
    )
    assert stored["impressions"] == sum(int(row["impressions"]) for row in insights)
    assert stored["clicks"] == sum(int(row["clicks"]) for row in insights)
    assert stored["link_clicks"] == sum(int(row["inline_link_clicks"]) for row in insights)
    assert stored["claimed"] == told["meta_reported_sales"]
    assert (stored["channel_groups"], stored["channel_group"]) == (1, "Paid Social")
