"""Data tests are asked in our own words: the verdicts are those of `dbt test`, row for row."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from orchestration import warehouse
from orchestration.errors import AuditError, ProjectError
from orchestration.warehouse import checking
from orchestration.warehouse.building import without_tests
from orchestration.warehouse.outcome import raise_on_verdicts
from tests.conftest import Pipeline
from tests.warehouses import lend

# Tables with tests of every kind; tests in words of their own come on top.
TABLES = ("fct_replies", "dim_agent", "dim_network", "stg_crm__orders", "roi_assumptions")

BREAKS = (
    (
        "update core.fct_replies set conversation_key = 'of nobody', visibility = 'secret',"
        " turn_key = 'the same', wait_s = -5"
        " where turn_key in (select turn_key from core.fct_replies order by 1 limit 3)"
    ),
    (
        "update core.dim_network set network = null"
        " where network = (select min(network) from core.dim_network)"
    ),
    "insert into core.dim_agent from core.dim_agent limit 2",
    (
        "update staging.stg_crm__orders set status = 'lost' where order_key in"
        " (select order_key from staging.stg_crm__orders order by 1 limit 2)"
    ),
    "update seeds.roi_assumptions set year = 9",
    "update kpi.kpi_scorecard set value = value + 1, numerator = numerator + 1",
    (
        "delete from core.fct_messages where message_key in"
        " (select message_key from core.fct_messages order by 1 limit 20)"
    ),
)


class Said(NamedTuple):
    """What was said of a test: its status, how many rows break it, and the message."""

    status: str
    failures: int
    message: str


class World:
    """A warehouse of its own, asked by dbt and by us."""

    def __init__(self, pipeline: Pipeline, parsed: Any, folder: Path) -> None:
        data = pipeline.settings.data_dir
        self.settings = pipeline.settings.model_copy(update={"data_dir": folder})
        self.as_of = pipeline.settings.as_of
        shutil.copytree(data / "lake", folder / "lake")
        shutil.copy(data / "warehouse.duckdb", folder)
        self.manifest = lend(parsed, self.settings)
        self.checks = [
            check
            for check in checking.checks_of(self.settings, self.manifest, self.as_of)
            if check.name.startswith("assert_")
            or {node.rsplit(".", 1)[-1] for node in check.nodes}.intersection(TABLES)
        ]

    def change(self, *statements: str) -> None:
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            for statement in statements:
                connection.execute(statement)

    def ours(self, changed: set[str] | None = None) -> list[checking.Verdict]:
        checking.forget(self.settings, self.manifest, changed)
        return list(checking.evaluate(self.settings, self.checks, self.as_of))

    def dbts(self) -> dict[str, Any]:
        names = [check.name for check in self.checks]
        done = warehouse.invoke(
            self.settings,
            ["test", "--no-write-json", "--select", *names],
            as_of=self.as_of,
            manifest=self.manifest,
        )
        return {
            each.node.unique_id: each
            for each in done.result.results
            if each.node.resource_type == "test"
        }

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.settings.warehouse_path), read_only=True) as connection:
            return sorted(connection.execute(sql).fetchall(), key=repr)


@pytest.fixture(scope="module")
def world(
    pipeline: Pipeline, parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> World:
    return World(pipeline, parsed_settings, tmp_path_factory.mktemp("checking"))


def said_by_us(verdicts: list[checking.Verdict]) -> dict[str, Said]:
    return {
        each.check.unique_id: Said(each.status, each.failures, each.message) for each in verdicts
    }


def said_by_dbt(results: dict[str, Any]) -> dict[str, Said]:
    return {
        key: Said(str(each.status), each.failures, each.message or "")
        for key, each in results.items()
    }


def test_a_good_warehouse_is_judged_as_dbt_judges_it(world: World) -> None:
    verdicts = said_by_us(world.ours())
    assert len(verdicts) > 100
    assert verdicts == said_by_dbt(world.dbts())
    assert {each.status for each in verdicts.values()} <= {"pass", "warn"}


def test_a_broken_warehouse_is_judged_as_dbt_judges_it(world: World, tmp_path: Path) -> None:
    kept = tmp_path / "good.duckdb"
    shutil.copy(world.settings.warehouse_path, kept)
    world.change(*BREAKS)
    try:
        verdicts = world.ours()
        theirs = world.dbts()
        assert said_by_us(verdicts) == said_by_dbt(theirs)
        broken = [each for each in verdicts if each.status in ("fail", "warn")]
        kinds = {
            kind for kind in checking.ROWS for each in broken if each.check.name.startswith(kind)
        }
        assert kinds == set(checking.ROWS)
        assert sum(each.check.name.startswith("assert_") for each in broken) >= 3
        assert {each.status for each in broken} == {"fail", "warn"}
        for each in broken:
            code = theirs[each.check.unique_id].node.compiled_code
            assert world.rows(each.check.rows) == world.rows(code), each.check.name
        with pytest.raises(AuditError) as raised:
            raise_on_verdicts(world.settings, verdicts)
        assert "nothing is published" in str(raised.value)
        assert "from_field='of nobody'" in str(raised.value) or "Also failed" in str(raised.value)
    finally:
        shutil.copy(kept, world.settings.warehouse_path)


def test_a_verdict_is_kept_until_a_table_it_is_about_changes(world: World) -> None:
    first = world.ours()
    assert all(each.kept_since is None for each in first)
    again = world.ours(changed=set())
    assert said_by_us(again) == said_by_us(first)
    assert {each.kept_since for each in again} == {"2026-04-15T06:00:00Z"}
    changed = next(node for each in first for node in each.check.nodes if "dim_network" in node)
    asked = {each.check for each in world.ours(changed={changed}) if each.kept_since is None}
    assert asked == {check for check in world.checks if changed in check.nodes}
    assert 0 < len(asked) < len(first)


def test_a_failure_is_asked_again_although_nothing_changed(world: World, tmp_path: Path) -> None:
    kept = tmp_path / "good.duckdb"
    shutil.copy(world.settings.warehouse_path, kept)
    try:
        world.change(*BREAKS)
        failed = {each.check for each in world.ours() if each.status == "fail"}
        assert failed
        again = world.ours(changed=set())
        assert {each.check for each in again if each.status == "fail"} == failed
        assert {each.check for each in again if each.kept_since is None} == failed
    finally:
        shutil.copy(kept, world.settings.warehouse_path)


def test_a_reworded_test_is_asked_again(world: World) -> None:
    from dataclasses import replace

    world.ours()
    [first, *rest] = world.checks
    checks = [replace(first, severity="warn" if first.severity == "error" else "error"), *rest]
    verdicts = list(checking.evaluate(world.settings, checks, world.as_of))
    assert [each.check for each in verdicts if each.kept_since is None] == [checks[0]]


def test_a_test_that_cannot_be_run_is_an_error_and_spares_its_neighbours(world: World) -> None:
    from dataclasses import replace

    counted = [check for check in world.checks if check.table is not None]
    neighbours = [check for check in counted if check.table == counted[0].table]
    wrong = replace(counted[0], count="count(no_such_column)", rows="select no_such_column")
    checking.forget(world.settings, world.manifest, None)
    checks = [wrong, *neighbours[1:]]
    verdicts = list(checking.evaluate(world.settings, checks, world.as_of))
    assert [each.status for each in verdicts] == ["error", *["pass"] * (len(neighbours) - 1)]
    with pytest.raises(ProjectError, match="no_such_column"):
        raise_on_verdicts(world.settings, verdicts)


def test_tests_are_hidden_from_a_build_alone(world: World) -> None:
    before = dict(world.manifest.nodes)
    with without_tests(world.manifest):
        left = {node.resource_type for node in world.manifest.nodes.values()}
        assert "test" not in left and not world.manifest.unit_tests
    assert world.manifest.nodes == before
