"""Channel groups and networks of hand-written arrivals, each looked up by the name of its case."""

from __future__ import annotations

import pytest

from tests.web import channel_cases
from tests.web.conftest import Warehouse, visitor_key

ADDRESSES = channel_cases.read("addresses")
LATER = channel_cases.read("later_addresses")
REPORTED = channel_cases.read("reported")


@pytest.fixture(scope="module")
def found(web_warehouse: Warehouse) -> dict[str, dict]:
    """Names of the sessions by visitor."""
    return {
        row.pop("visitor_key"): row
        for row in web_warehouse.rows(
            "select visitor_key, channel_group, network, ga4_channel_group, is_social"
            " from core.fct_web_sessions where session_number = 1"
        )
    }


def test_the_cases_are_many_and_each_has_a_name_of_its_own() -> None:
    names = [case.name for case in (*ADDRESSES, *LATER, *REPORTED)]
    assert len(names) == len(set(names)) >= 150


@pytest.mark.parametrize(
    ("source", "case"),
    [
        *(("ga4", case) for case in (*ADDRESSES, *LATER)),
        *(("web_events", case) for case in REPORTED),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_arrival_is_called(found: dict[str, dict], source: str, case: channel_cases.Case) -> None:
    assert found[visitor_key(source, case.name)] == {
        "channel_group": case.channel_group,
        "network": case.network,
        "ga4_channel_group": case.ga4_channel_group,
        "is_social": case.network is not None
        or case.channel_group in ("Organic Social", "Paid Social"),
    }
