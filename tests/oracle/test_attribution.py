"""Journeys made up at random: every credit is what plain loops say, effects what others find.

The rules in loops are in `attribution`; journeys are drawn and compared here. Removal effects are
also held against those of another implementation, which `make_markov_golden` has written down.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle import attribution
from tests.oracle.attribution import MICROSECOND, MODELS, Purchase, Visit
from tests.oracle.harness import Warehouse

GOLDEN = json.loads((Path(__file__).with_name("golden") / "markov.json").read_text())
# The package finds its effects by simulation.
SIMULATION_ERROR = 0.006

BEGIN = datetime.fromisoformat("2025-09-20")
DAY = timedelta(days=1)
CHANNELS = (
    ("Direct", None),
    ("Unassigned", None),
    ("Organic Social", "x"),
    ("Organic Social", None),
    ("Paid Social", "facebook"),
    ("Paid Search", None),
    ("Email", None),
)
# Distances from a purchase on which windows and halves turn.
EDGES = (
    timedelta(0),
    MICROSECOND,
    30 * DAY,
    90 * DAY,
    92 * DAY,
    180 * DAY - MICROSECOND,
    180 * DAY,
    180 * DAY + MICROSECOND,
)


def visit_row(visit: Visit, number: int) -> dict[str, Any]:
    group, _, network = visit.channel.partition(": ")
    return {
        "session_key": visit.key,
        "visitor_key": visit.visitor,
        "session_number": number,
        "started_at": visit.started_at,
        "started_on": visit.started_at.date(),
        "channel_group": group,
        "network": network or None,
        "is_social": "Social" in group,
        "is_source_known": visit.is_told,
        "is_automated": visit.is_script,
    }


def purchase_row(purchase: Purchase) -> dict[str, Any]:
    return {
        "conversion_key": purchase.key,
        "visitor_key": purchase.visitor,
        "converted_at": purchase.converted_at,
        "converted_on": purchase.converted_at.date(),
        "conversion_kind": "purchase" if purchase.is_primary else "lead",
        "is_primary": purchase.is_primary,
        "value": purchase.value,
    }


def build(warehouse: Warehouse, visits: list[Visit], purchases: list[Purchase]) -> None:
    by_visitor = defaultdict(list)
    for visit in visits:
        by_visitor[visit.visitor].append((visit.started_at, visit.key, visit))
    rows = [
        visit_row(visit, number)
        for one in by_visitor.values()
        for number, (_, _, visit) in enumerate(sorted(one), start=1)
    ]
    warehouse.build(
        {
            "fct_web_sessions": rows,
            "fct_conversions": [purchase_row(purchase) for purchase in purchases],
        }
    )


@st.composite
def journeys(draw: st.DrawFn) -> tuple[list[Visit], list[Purchase]]:
    """Visits and purchases of some visitors over three quarters, ties and edges among them."""
    visits, purchases = [], []
    for person in range(draw(st.integers(1, 9))):
        visitor = f"visitor {person}"
        is_script = draw(st.integers(0, 9)) == 0
        bought = []
        for number in range(draw(st.integers(0, 2))):
            instant = BEGIN + timedelta(seconds=draw(st.integers(0, 200 * 86_400)))
            bought.append(instant)
            value = draw(
                st.one_of(st.none(), st.integers(0, 10_000).map(lambda cents: cents / 100))
            )
            known = draw(st.integers(0, 9)) > 0
            purchases.append(
                Purchase(
                    f"purchase {person} {number}",
                    visitor if known else None,
                    instant,
                    draw(st.integers(0, 4)) > 0,
                    value,
                )
            )
        for number in range(draw(st.integers(0, 7))):
            if bought and draw(st.booleans()):
                instant = draw(st.sampled_from(bought)) - draw(st.sampled_from(EDGES))
            else:
                instant = BEGIN + timedelta(seconds=draw(st.integers(0, 200 * 86_400)))
            group, network = draw(st.sampled_from(CHANNELS))
            visits.append(
                Visit(
                    f"visit {person} {number}",
                    visitor,
                    instant,
                    f"{group}: {network}" if network else group,
                    group not in ("Direct", "Unassigned"),
                    is_script,
                )
            )
    return visits, purchases


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(world=journeys())
def test_every_credit_is_what_loops_say(
    attribution_warehouse: Warehouse, world: tuple[list[Visit], list[Purchase]]
) -> None:
    visits, purchases = world
    build(attribution_warehouse, visits, purchases)
    stored = {
        (row["conversion_key"], row["session_key"], row["model"]): row
        for row in attribution_warehouse.rows("fct_attribution")
    }
    # Weights are decimals of twelve digits.
    counted = {
        key: credit
        for key, credit in attribution.credit_given(purchases, visits).items()
        if credit > 1e-11
    }
    assert stored.keys() == counted.keys()
    assert {key: row["credit"] for key, row in stored.items()} == pytest.approx(counted, abs=1e-9)
    worth = {purchase.key: purchase.value for purchase in purchases}
    for (conversion, _, _), row in stored.items():
        value = worth[conversion]
        assert row["credited_value"] == (None if value is None else row["credit"] * value)
    totals = defaultdict(float)
    for (conversion, _, model), row in stored.items():
        totals[conversion, model] += row["credit"]
    assert totals == pytest.approx(
        {(purchase.key, model): 1.0 for purchase in purchases for model in MODELS}, abs=1e-9
    )


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(world=journeys())
def test_shapley_values_are_what_every_order_of_the_channels_adds(
    attribution_warehouse: Warehouse, world: tuple[list[Visit], list[Purchase]]
) -> None:
    visits, purchases = world
    build(attribution_warehouse, visits, purchases)
    needed = defaultdict(list)
    for purchase in purchases:
        journey = attribution.touches(visits, purchase.visitor, purchase.converted_at)
        if purchase.is_primary and journey:
            channels = frozenset(visit.channel for visit in attribution.told(journey))
            needed[attribution.quarter(purchase.converted_at)].append(channels)
    counted = {
        (*when, channel): value
        for when, sets in needed.items()
        for channel, value in attribution.shapley_values(sets).items()
        if value
    }
    stored = {
        (*attribution.quarter(row["quarter_start_on"]), channel_of(row)): row["shapley_conversions"]
        for row in attribution_warehouse.rows("kpi_attribution_effects")
        if row["shapley_conversions"]
    }
    assert stored == pytest.approx(counted, abs=1e-9)


def channel_of(row: dict[str, Any]) -> str:
    group = row["channel_group"]
    return group if row["network"] == "none" else f"{group}: {row['network']}"


@pytest.mark.parametrize("world", GOLDEN["worlds"])
def test_removal_effects_are_those_of_another_implementation_and_of_taking_channels_away(
    attribution_warehouse: Warehouse, world: dict[str, Any]
) -> None:
    visits, purchases, paths = [], [], []
    for number, one in enumerate(world["paths"]):
        paths += [(tuple(one["path"]), True)] * one["converted"]
        paths += [(tuple(one["path"]), False)] * one["lost"]
        for copy in range(one["converted"] + one["lost"]):
            visitor = f"{number} {copy}"
            begin = datetime.fromisoformat("2026-01-05") + number * timedelta(minutes=1)
            for step, channel in enumerate(one["path"]):
                key = f"{visitor} {step}"
                visits.append(Visit(key, visitor, begin + step * DAY, channel, is_told=True))
            if copy < one["converted"]:
                end = begin + len(one["path"]) * DAY
                purchases.append(Purchase(visitor, visitor, end, is_primary=True, value=1.0))
    build(attribution_warehouse, visits, purchases)
    found = {
        row["channel_state"]: row["removal_effect"]
        for row in attribution_warehouse.rows("int_channel_effects")
    }
    assert found == pytest.approx(attribution.removal_effects(paths), abs=1e-12)
    assert found == pytest.approx(world["removal_effects"], abs=SIMULATION_ERROR)


def test_the_journey_of_92_days_gives_social_nothing_within_90_and_its_share_within_180(
    attribution_warehouse: Warehouse,
) -> None:
    journeys = {
        90: ("2016-12-22T12:00", "2017-03-22T12:00"),
        92: ("2026-06-30T12:00", "2026-09-30T12:00"),
    }
    visits, purchases = [], []
    for days, instants in journeys.items():
        first, bought = map(datetime.fromisoformat, instants)
        assert bought - first == days * DAY
        visitor = f"after {days}"
        visits += [
            Visit(f"post {days}", visitor, first, "Organic Social: facebook", is_told=True),
            Visit(f"ad {days}", visitor, bought, "Paid Search", is_told=True),
        ]
        purchases.append(Purchase(visitor, visitor, bought, is_primary=True, value=100.0))
    build(attribution_warehouse, visits, purchases)
    shares = {
        (row["quarter_start_on"], row["lookback_days"], row["model"]): row["conversion_share"]
        for row in attribution_warehouse.rows("kpi_attribution_sensitivity")
        if row["is_social"]
    }
    short, long = date(2017, 1, 1), date(2026, 7, 1)
    shared = {"first_touch": 1.0, "linear": 0.5, "position_based": 0.5, "shapley": 0.5}
    # Removing either channel loses the only conversion of the quarter, so both weigh the same.
    shared |= {"markov": 0.5, "time_decay": 0.5**3 / (0.5**3 + 1)}
    assert {model: shares.get((short, 90, model)) for model in shared} == pytest.approx(shared)
    shared |= {"time_decay": 0.5 ** (92 / 30) / (0.5 ** (92 / 30) + 1)}
    assert {model: shares.get((long, 180, model)) for model in shared} == pytest.approx(shared)
    assert not [key for key in shares if key[0] == long and key[1] < 180]
    assert not [key for key in shares if key[2] in ("last_touch", "last_non_direct")]


def test_a_visitor_with_very_many_sessions_and_purchases_has_bounded_journeys(
    attribution_warehouse: Warehouse,
) -> None:
    begin = datetime.fromisoformat("2026-01-05")
    minute = timedelta(minutes=1)
    visits = [
        Visit(f"{number:05}", "busy", begin + number * minute, "Email", is_told=True)
        for number in range(3_000)
    ]
    purchases = [
        Purchase(f"{number:05}", "busy", begin + number * minute, is_primary=True, value=1.0)
        for number in range(0, 3_000, 3)
    ]
    build(attribution_warehouse, visits, purchases)
    rows = [
        row for row in attribution_warehouse.rows("fct_attribution") if row["model"] == "linear"
    ]
    by_purchase = defaultdict(set)
    for row in rows:
        by_purchase[row["conversion_key"]].add(row["session_key"])
    assert by_purchase == {
        purchase.key: {
            f"{number:05}"
            for number in range(
                max(0, int(purchase.key) - attribution.MOST_TOUCHES + 1), int(purchase.key) + 1
            )
        }
        for purchase in purchases
    }
