"""Failed, warned and crashed are three things: only the first two say something about the data."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import pytest

from orchestration.errors import CheckCrashedError
from orchestration.quality.checks import quality_checks, verdict
from orchestration.quality.expectations import expectations
from orchestration.quality.runner import Outcome, _exceptions, evaluate
from orchestration.settings import Settings

from .conftest import change

ERROR = next(e for e in expectations() if e.severity == "error")
WARN = next(e for e in expectations() if e.severity == "warn")


def test_a_broken_error_fails_and_shows_rows() -> None:
    broken = Outcome(ERROR, held=False, looked_at=9, broken=2, rows=({"kpi_id": "K07"},))
    result = verdict([broken, Outcome(WARN, held=False, looked_at=1, broken=1)])
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.ERROR
    assert ERROR.name in result.description
    assert "2 of 9 rows" in result.description
    assert "kpi_id=K07" in result.description


def test_a_broken_warning_alone_does_not_block() -> None:
    result = verdict([Outcome(WARN, held=False, looked_at=1, broken=1)])
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        ("no such column", {"arguments": {"column": "no_such_column", "value_set": ["week"]}}),
        ("types that do not compare", {
            "rule": "ExpectColumnValuesToBeBetween",
            "arguments": {"column": "status", "min_value": 1, "max_value": 2},
        }),
    ],
)  # fmt: skip
def test_a_crash_raises_and_is_no_failure(healthy: Settings, case: str, changes: dict) -> None:
    kinds = next(e for e in expectations() if e.name == "period kinds are known")
    with pytest.raises(CheckCrashedError, match="period kinds are known"):
        evaluate(healthy, [replace(kinds, **changes)])


def test_exceptions_are_found_in_both_their_shapes() -> None:
    flat = {"raised_exception": True, "exception_message": "flat"}
    calm = {"raised_exception": False, "exception_message": None}
    nested = {"('metric', 'a')": {**flat, "exception_message": "nested"}, "('metric', 'b')": calm}
    assert list(_exceptions(flat)) == ["flat"]
    assert list(_exceptions(nested)) == ["nested"]
    assert list(_exceptions(calm)) == []
    assert list(_exceptions(None)) == []


def run_with_checks(settings: Settings) -> tuple[dg.ExecuteInProcessResult, list[str]]:
    """Marts, their checks and something downstream of them, run as the refresh job runs them."""
    ran: list[str] = []
    tables = sorted({expectation.table for expectation in expectations()})

    @dg.multi_asset(specs=[dg.AssetSpec(["kpi", table]) for table in tables])
    def marts():
        for table in tables:
            yield dg.MaterializeResult(asset_key=["kpi", table])

    @dg.asset(deps=[["kpi", table] for table in tables])
    def published() -> None:
        ran.append("published")

    checks = quality_checks(
        settings, {table: dg.AssetKey(["kpi", table]) for table in tables}, pool="warehouse"
    )
    definitions = dg.Definitions(
        assets=[marts, published],
        asset_checks=checks,
        jobs=[dg.define_asset_job("everything", executor_def=dg.in_process_executor)],
    )
    job = definitions.resolve_job_def("everything")
    return job.execute_in_process(raise_on_error=False), ran


def test_healthy_marts_go_on_to_publishing(healthy: Settings) -> None:
    result, ran = run_with_checks(healthy)
    assert result.success
    assert ran == ["published"]
    suites = {(expectation.table, expectation.suite) for expectation in expectations()}
    assert len(result.get_asset_check_evaluations()) == len(suites)


def test_a_failed_check_blocks_publishing_and_names_itself(healthy: Settings) -> None:
    change(healthy, "update kpi.kpi_scorecard set value = 1.01 where kpi_id = 'K07'")
    result, ran = run_with_checks(healthy)
    assert not result.success
    assert ran == []
    failed = [e for e in result.get_asset_check_evaluations() if not e.passed]
    errors = [e for e in failed if e.severity == dg.AssetCheckSeverity.ERROR]
    assert [e.check_name for e in errors] == ["ranges"]
    assert "shares lie between 0 and 1" in errors[0].description


def test_a_crashed_check_blocks_publishing_and_is_told_apart(healthy: Settings) -> None:
    change(healthy, "alter table kpi.kpi_scorecard drop column status")
    result, ran = run_with_checks(healthy)
    assert not result.success
    assert ran == []
    messages = [str(event.step_failure_data.error) for event in result.get_step_failure_events()]
    assert any("CheckCrashedError" in message for message in messages)
