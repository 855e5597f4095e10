"""What was found holds still while nothing it rests on has changed, and no longer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pytest

from orchestration.quality import runner
from orchestration.quality.expectations import Expectation, expectations
from orchestration.settings import Settings

from .conftest import change

CARE = next(each for each in expectations() if each.frame == "care_daily")
BROKEN = next(each for each in expectations() if each.frame == "weekly_volumes")
COMPARING = next(each for each in expectations() if each.frame == "rows_against_publication")
LAST_WEEK = "period_kind = 'week' and period_start_on = date '2026-04-06'"


@pytest.fixture
def asked(healthy: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The expectations that were evaluated, as they come; every table has a version."""
    versions(healthy, "one")
    found: list[str] = []
    usual = runner._evaluate

    def told(connection: Any, expectation: Expectation) -> runner.Outcome:
        found.append(expectation.name)
        return usual(connection, expectation)

    monkeypatch.setattr(runner, "_evaluate", told)
    return found


def versions(settings: Settings, version: str, of: str = "true") -> None:
    """Give the tables of the warehouse a version, as a build does."""
    change(
        settings,
        "create schema if not exists delta;"
        "create table if not exists delta.builds as select true as finished;"
        "create table if not exists delta.versions (schema_name varchar, table_name varchar,"
        f" version varchar); delete from delta.versions where {of};"
        f"insert into delta.versions select schema_name, table_name, '{version}' from"
        f" duckdb_tables() where schema_name in ('kpi', 'core', 'seeds') and {of}",
    )


@pytest.mark.parametrize("expectation", [CARE, COMPARING], ids=lambda each: each.frame)
def test_what_held_is_not_asked_again_while_nothing_changes(
    healthy: Settings, asked: list[str], expectation: Expectation
) -> None:
    first = runner.evaluate(healthy, [expectation])
    assert runner.evaluate(healthy, [expectation]) == first
    assert asked == [expectation.name]


def test_a_warning_is_kept_with_its_rows(healthy: Settings, asked: list[str]) -> None:
    change(healthy, f"update kpi.kpi_scorecard set value = 0 where kpi_id = 'K01' and {LAST_WEEK}")
    [first] = runner.evaluate(healthy, [BROKEN])
    [again] = runner.evaluate(healthy, [BROKEN])
    assert not first.held
    assert len(first.lines()) > 1
    assert again.lines() == first.lines()
    assert asked == [BROKEN.name]


def test_a_table_that_changed_is_looked_at_again(healthy: Settings, asked: list[str]) -> None:
    runner.evaluate(healthy, [CARE])
    change(healthy, "update kpi.kpi_care_daily set replies = -1")
    versions(healthy, "two", "table_name = 'kpi_care_daily'")
    [outcome] = runner.evaluate(healthy, [CARE])
    assert asked == [CARE.name] * 2
    assert outcome.looked_at > 0


def test_rows_of_all_tables_rest_on_all_tables(healthy: Settings, asked: list[str]) -> None:
    runner.evaluate(healthy, [COMPARING])
    versions(healthy, "two", "table_name = 'kpi_agents'")
    runner.evaluate(healthy, [COMPARING])
    assert len(asked) == 2


def test_another_snapshot_is_compared_with_anew(
    healthy: Settings, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.evaluate(healthy, [COMPARING, CARE])
    monkeypatch.setattr(runner, "current_snapshot", lambda _: "another")
    runner.evaluate(healthy, [COMPARING, CARE])
    assert asked == [COMPARING.name, CARE.name, COMPARING.name]


def test_other_words_are_another_expectation(healthy: Settings, asked: list[str]) -> None:
    runner.evaluate(healthy, [CARE])
    runner.evaluate(healthy, [replace(CARE, where="false")])
    assert len(asked) == 2


@pytest.mark.parametrize(
    "sql", ["update delta.builds set finished = false", "delete from delta.versions"]
)
def test_without_versions_nothing_is_kept(healthy: Settings, asked: list[str], sql: str) -> None:
    change(healthy, sql)
    runner.evaluate(healthy, [CARE])
    runner.evaluate(healthy, [CARE])
    assert len(asked) == 2
    with duckdb.connect(str(healthy.warehouse_path)) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert ("outcomes",) not in tables
