"""What the checks of hand-written rules report: competing policies, gaps, contradicting hours.

Rows of a seed go in, rows of the check come out. That cases get the right promise is tested beside
the models.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from benchmarks.business_time import copied
from tests.truth.conftest import Workshop

CHECKS = (
    "assert_no_two_sla_policies_compete",
    "assert_sla_policies_can_be_kept",
    "assert_sla_policies_leave_no_gap",
    "assert_business_hours_do_not_contradict",
)
EVER = date(1970, 1, 1)
POLICY = {
    "policy_id": "a",
    "metric": "first_reply",
    "network": "all",
    "message_type": "all",
    "visibility": "all",
    "priority": "all",
    "vip": "all",
    "target_s": 3600,
    "warning_share": 0.75,
    "clock": "calendar",
    "pauses": False,
    "valid_from_on": EVER,
    "valid_to_on": None,
}
SUBJECT = {
    "sla_key": "s",
    "metric": "first_reply",
    "network": "x",
    "message_type": "tweet",
    "visibility": "public",
    "priority": "normal",
    "is_vip": False,
    "started_on": date(2026, 3, 2),
}
HOURS = {
    "calendar_id": "c",
    "valid_from_on": EVER,
    "valid_to_on": None,
    "iso_weekday": 1,
    "opens": "09:00",
    "closes": "17:00",
}
Report = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def report(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Runs a check on rows of tables: report(check, schema_table=[row, ...])."""
    import duckdb
    import pandas as pd

    from orchestration import warehouse

    result = warehouse.invoke(
        workshop.settings,
        ["compile", "--select", *CHECKS, "--no-introspect"],
        as_of=workshop.as_of,
        manifest=copied(workshop.manifest),
    )
    assert result.success, result.exception
    compiled = {done.node.name: done.node.compiled_code for done in result.result.results}
    file = tmp_path_factory.mktemp("checks") / "warehouse.duckdb"

    def run(check: str, **tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
        with duckdb.connect(str(file)) as connection:
            for name, rows in tables.items():
                schema, table = name.split("__")
                frame = pd.DataFrame(rows)
                for column in frame.columns:
                    if column.endswith("_on"):
                        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
                connection.execute(f"create schema if not exists {schema}")
                dates = ", ".join(f"{c}::date as {c}" for c in frame if c.endswith("_on"))
                connection.register("frame", frame)
                connection.execute(
                    f"create or replace table {schema}.{table} as "
                    f"select * replace ({dates}) from frame"
                )
            return connection.sql(compiled[check]).df().to_dict("records")

    return run


def _policies(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [POLICY | {"policy_id": f"p{n}"} | change for n, change in enumerate(changes)]


COMPETING = {
    "the same case twice": (_policies({}, {}), 1),
    "one attribute each": (_policies({"network": "x"}, {"vip": "vip"}), 1),
    "one attribute each, and who names both": (
        _policies({"network": "x"}, {"vip": "vip"}, {"network": "x", "vip": "vip"}),
        0,
    ),
    "who names both comes too late": (
        _policies(
            {"network": "x"},
            {"vip": "vip"},
            {"network": "x", "vip": "vip", "valid_from_on": date(2026, 1, 1)},
        ),
        1,
    ),
    "one more particular": (_policies({}, {"network": "x"}), 0),
    "different values": (_policies({"network": "x"}, {"network": "whatsapp"}), 0),
    "different promises": (_policies({}, {"metric": "next_reply"}), 0),
    "one after the other": (
        _policies({"valid_to_on": date(2026, 1, 1)}, {"valid_from_on": date(2026, 1, 1)}),
        0,
    ),
    "a day together": (
        _policies({"valid_to_on": date(2026, 1, 2)}, {"valid_from_on": date(2026, 1, 1)}),
        1,
    ),
}


@pytest.mark.parametrize("case", COMPETING)
def test_policies_equally_particular_must_not_meet(case: str, report: Report) -> None:
    policies, pairs = COMPETING[case]
    assert len(report(CHECKS[0], seeds__sla_policies=policies)) == pairs


@pytest.mark.parametrize(
    "change",
    [
        {"target_s": 0},
        {"warning_share": 0.0},
        {"warning_share": 1.1},
        {"pauses": True},
        {"valid_from_on": date(2026, 1, 2), "valid_to_on": date(2026, 1, 2)},
    ],
    ids=lambda change: "_".join(change),
)
def test_a_policy_must_promise_what_can_be_kept(change: dict[str, Any], report: Report) -> None:
    policies = [POLICY, POLICY | {"policy_id": "b"} | change]
    assert [row["policy_id"] for row in report(CHECKS[1], seeds__sla_policies=policies)] == ["b"]


def test_a_gap_between_policies_is_reported_with_its_cases(report: Report) -> None:
    ended, resumed = date(2026, 3, 1), date(2026, 3, 5)
    policies = _policies({"valid_to_on": ended}, {"valid_from_on": resumed})
    subjects = [
        SUBJECT | {"sla_key": f"s{days}", "started_on": ended + timedelta(days=days)}
        for days in range(-1, 6)
    ]
    kept = [s for s in subjects if not ended <= s["started_on"] < resumed]
    (gap,) = report(
        CHECKS[2],
        seeds__sla_policies=policies,
        intermediate__int_sla_subjects=subjects,
        intermediate__int_sla_instances=kept,
    )
    assert (gap["policy_id"], gap["cases"]) == ("p0", 4)
    assert (gap["first_on"].date(), gap["last_on"].date()) == (ended, resumed - timedelta(days=1))


def test_what_was_never_promised_is_no_gap(report: Report) -> None:
    policies = _policies({"network": "whatsapp"}, {"valid_from_on": date(2026, 4, 1)})
    found = report(
        CHECKS[2],
        seeds__sla_policies=policies,
        intermediate__int_sla_subjects=[SUBJECT],
        intermediate__int_sla_instances=[SUBJECT | {"sla_key": "another"}],
    )
    assert found == []


CONTRADICTING = {
    "an old schedule that nobody ended": (
        [HOURS, HOURS | {"valid_from_on": date(2025, 9, 1), "opens": "08:00"}],
        1,
    ),
    "the same with both ends open on one day": (
        [HOURS | {"valid_to_on": date(2025, 9, 2)}, HOURS | {"valid_from_on": date(2025, 9, 1)}],
        1,
    ),
    "one beginning, two ends": ([HOURS, HOURS | {"valid_to_on": date(2025, 9, 1)}], 1),
    "overnight into the other": (
        [
            HOURS | {"opens": "22:00", "closes": "06:00"},
            HOURS | {"opens": "23:00", "closes": "24:00", "valid_from_on": date(2025, 9, 1)},
        ],
        1,
    ),
    "one schedule after the other": (
        [HOURS | {"valid_to_on": date(2025, 9, 1)}, HOURS | {"valid_from_on": date(2025, 9, 1)}],
        0,
    ),
    "an evening shift added": (
        [HOURS, HOURS | {"valid_from_on": date(2025, 9, 1), "opens": "17:00", "closes": "20:00"}],
        0,
    ),
    "overlapping hours of one schedule": ([HOURS, HOURS | {"opens": "12:00"}], 0),
    "another weekday": ([HOURS, HOURS | {"valid_from_on": date(2025, 9, 1), "iso_weekday": 6}], 0),
    "another calendar": (
        [HOURS, HOURS | {"valid_from_on": date(2025, 9, 1)} | {"calendar_id": "d"}],
        0,
    ),
    "an end before the beginning": ([HOURS | {"valid_to_on": date(1969, 1, 1)}], 1),
}


@pytest.mark.parametrize("case", CONTRADICTING)
def test_versions_of_hours_that_contradict_are_reported(case: str, report: Report) -> None:
    hours, rows = CONTRADICTING[case]
    assert len(report(CHECKS[3], seeds__business_hours=hours)) == rows
