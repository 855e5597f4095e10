"""The record of runs: what is kept of checks and reviews, and what a later run sees of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import dagster as dg
import duckdb
import pytest

from orchestration.exports.lake import ensure_lake
from orchestration.history import Verdict, record_checks, record_review, record_run
from orchestration.settings import Settings

MONDAY = datetime(2026, 1, 12, 5, tzinfo=UTC)
TUESDAY = datetime(2026, 1, 13, 5, tzinfo=UTC)


def kept(data, table: str) -> list[dict[str, object]]:
    """Rows of the record as the staging models read them."""
    relation = duckdb.sql(
        f"select * from read_parquet('{data}/lake/raw/runs/{table}/*.parquet', "
        "union_by_name = true) order by all"
    )
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def test_nothing_is_recorded_before_the_first_run(tmp_path) -> None:
    ensure_lake(tmp_path)
    assert kept(tmp_path, "checks") == []
    assert kept(tmp_path, "reviews") == []


def test_verdicts_are_counted_by_asset(tmp_path) -> None:
    ensure_lake(tmp_path)
    outcomes = [("fct_replies", "passed"), ("fct_replies", "failed"), ("dim_post", "warned")]
    record_checks(tmp_path, MONDAY, "a", [Verdict(*each) for each in outcomes])
    rows = kept(tmp_path, "checks")
    counts = [
        (row["asset"], row["checks"], row["passed"], row["warned"], row["failed"]) for row in rows
    ]
    assert counts == [("dim_post", 1, 0, 1, 0), ("fct_replies", 2, 1, 0, 1)]
    assert {row["as_of_at"] for row in rows} == {MONDAY.replace(tzinfo=None)}


def test_a_run_repeated_as_of_the_same_instant_replaces_its_record(tmp_path) -> None:
    ensure_lake(tmp_path)
    record_checks(tmp_path, MONDAY, "a", [Verdict("fct_replies", "failed")])
    record_checks(tmp_path, TUESDAY, "b", [Verdict("fct_replies", "passed")])
    record_checks(tmp_path, MONDAY, "c", [Verdict("fct_replies", "passed")])
    assert [(row["run_id"], row["failed"]) for row in kept(tmp_path, "checks")] == [
        ("c", 0),
        ("b", 0),
    ]


def test_a_run_repeated_with_the_same_outcome_leaves_the_record_alone(tmp_path) -> None:
    """A part that is written again would have the next build begin from nothing."""
    ensure_lake(tmp_path)
    verdicts = [Verdict("fct_replies", "failed"), Verdict("dim_post", "passed")]
    written = record_checks(tmp_path, MONDAY, "a", verdicts).stat().st_mtime_ns
    again = record_checks(tmp_path, MONDAY, "b", reversed(verdicts))
    assert again.stat().st_mtime_ns == written
    assert {row["run_id"] for row in kept(tmp_path, "checks")} == {"a"}
    review = record_review(tmp_path, MONDAY, "weekly", date(2026, 1, 5), "one")
    written = review.stat().st_mtime_ns
    assert record_review(tmp_path, MONDAY, "weekly", date(2026, 1, 5), "one") == review
    assert review.stat().st_mtime_ns == written


def test_a_run_without_checks_leaves_no_record(tmp_path) -> None:
    ensure_lake(tmp_path)
    assert record_checks(tmp_path, MONDAY, "a", []) is None
    assert kept(tmp_path, "checks") == []


def test_a_review_is_recorded_once_per_as_of(tmp_path) -> None:
    ensure_lake(tmp_path)
    for snapshot in ("one", "two"):
        record_review(tmp_path, MONDAY, "weekly", date(2026, 1, 5), snapshot)
    record_review(tmp_path, TUESDAY, "weekly", date(2026, 1, 5), "three")
    assert [row["snapshot_id"] for row in kept(tmp_path, "reviews")] == ["two", "three"]


@pytest.mark.parametrize(
    ("passed", "severity", "outcome"),
    [
        (True, dg.AssetCheckSeverity.ERROR, "passed"),
        (False, dg.AssetCheckSeverity.WARN, "warned"),
        (False, dg.AssetCheckSeverity.ERROR, "failed"),
    ],
)
def test_a_dagster_run_is_recorded_as_its_checks_ended(tmp_path, passed, severity, outcome) -> None:
    @dg.asset
    def mart() -> None: ...

    @dg.asset_check(asset=mart)
    def check() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=passed, severity=severity)

    ensure_lake(tmp_path)
    settings = Settings(data_dir=tmp_path, as_of=MONDAY)
    with dg.instance_for_test() as instance:
        result = dg.materialize([mart, check], instance=instance, raise_on_error=False)
        record_run(instance, result.run_id, settings)
    (row,) = kept(tmp_path, "checks")
    assert (row["asset"], row["checks"], row[outcome]) == ("mart", 1, 1)
