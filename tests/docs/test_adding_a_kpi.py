"""The KPI that the page adds is built by dbt, passes the page's unit test, and is in the scorecard.

The page's files are put into a small project with our macros, our seeds' tests and our scorecard;
what the example reads are tables of a few rows. What any KPI does in general is tested elsewhere.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from docs.build_kpis import FAMILIES, build_page, read_seed
from tests.conftest import PROJECT

PAGE = PROJECT / "docs" / "adding-a-kpi.md"
KPI = PROJECT / "models" / "marts" / "kpi"
SEEDS = ("kpi_definitions", "kpi_targets")
WEEK, QUIET_WEEK = "2026-03-02", "2026-03-09"

#: What the example and the scorecard read, in a few rows. Five turns of one day, one case of each
#: kind, and a week after it in which nobody asked.
TURN = "'{0}' as turn_key, date '2026-03-02' as started_on, true as is_in_scope, true as is_first"
STUBS = {
    "fct_replies": " union all ".join(
        f"select {TURN.format(name)}, {is_bot} as is_bot_contained, {is_replied} as is_replied,"
        f" cast({wait} as bigint) as wait_s, {age} as age_s"
        for name, is_bot, is_replied, wait, age in (
            ("equal", "false", "true", "1800", 90000),
            ("late", "false", "true", "1801", 90000),
            ("silent", "false", "false", "null", 1801),
            ("young", "false", "false", "null", 1800),
            ("bot", "true", "true", "5", 90000),
        )
    ),
    "kpi_turn_slices": "select turn_key, 'overall' as slice_kind, 'all' as slice_value"
    " from {{ ref('fct_replies') }}",
    "kpi_period_days": f"select 'week' as period_kind, date '{WEEK}' as period_start_on,"
    f" date '{WEEK}' as date_on",
    "dim_period": " union all ".join(
        f"select 'week' as period_kind, date '{start}' as period_start_on,"
        f" date '{start}' + 6 as period_end_on,"
        f" cast(date '{start}' + 7 as timestamp) as period_ends_at, true as has_completed_day"
        for start in (WEEK, QUIET_WEEK)
    ),
    "kpi_source_coverage": f"select 'turns' as family, date '{WEEK}' as first_on",
    "kpi_definition_breaks": "select '' as kpi_id, '' as slice_kind, '' as slice_value,"
    f" date '{WEEK}' as changed_on where false",
}


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _described_seeds() -> str:
    """What our project says and tests of the two seeds."""
    text = (PROJECT / "seeds" / "care_seeds.yml").read_text(encoding="utf-8")
    said = [each for each in yaml.safe_load(text)["seeds"] if each["name"] in SEEDS]
    assert len(said) == len(SEEDS)
    return yaml.safe_dump({"seeds": said})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """What dbt said of the small project, and its database."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("example")
    ours = yaml.safe_load((PROJECT / "dbt_project" / "dbt_project.yml").read_text("utf-8"))
    families = (KPI / "kpi_values.sql").read_text(encoding="utf-8")
    only_ours = re.sub(r"for family in \[.*?\]", 'for family in ["quick"]', families, flags=re.S)
    assert only_ours != families
    _write(
        folder,
        {
            "dbt_project.yml": yaml.safe_dump(
                {
                    "name": "example",
                    "profile": "example",
                    "macro-paths": [str(PROJECT / "dbt_project" / "macros")],
                    "models": {"+materialized": "table"},
                    "flags": ours["flags"],
                    "vars": ours["vars"],
                }
            ),
            "profiles.yml": yaml.safe_dump(
                {
                    "example": {
                        "target": "duckdb",
                        "outputs": {
                            "duckdb": {"type": "duckdb", "path": str(folder / "example.duckdb")}
                        },
                    }
                }
            ),
            "models/kpi_values_quick.sql": _blocks("sql")[0],
            "models/kpi_values_quick.yml": _blocks("yaml")[0],
            "models/kpi_values.sql": only_ours,
            "models/kpi_scorecard.sql": (KPI / "kpi_scorecard.sql").read_text(encoding="utf-8"),
            **{f"models/{name}.sql": sql for name, sql in STUBS.items()},
            **{f"seeds/{name}.csv": _blocks("csv")[n] for n, name in enumerate(SEEDS)},
            "seeds/seeds.yml": _described_seeds(),
        },
    )
    try:
        result = dbtRunner().invoke(
            ["build", f"--project-dir={folder}", f"--profiles-dir={folder}", "--quiet"]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
    return result, folder / "example.duckdb"


def test_the_example_builds_and_passes_its_unit_test_and_the_tests_of_the_seeds(built) -> None:
    result, _ = built
    assert result.exception is None
    said = {each.node.name: each.status.value for each in result.result.results}
    assert said["exactly_half_an_hour_is_within_and_a_young_wait_is_undecided"] == "pass"
    assert set(said.values()) == {"success", "pass"}


def test_its_cell_is_in_the_scorecard_with_target_and_status(built) -> None:
    _, database = built
    with duckdb.connect(str(database), read_only=True) as connection:
        cells = connection.execute(
            "select period_start_on::varchar, value, numerator, denominator, target_value, status,"
            " null_reason from kpi_scorecard where kpi_id = 'K99' order by 1"
        ).fetchall()
    assert cells == [
        (WEEK, pytest.approx(1 / 3), 1, 3, 0.5, "red", None),
        (QUIET_WEEK, None, None, None, 0.5, "grey", "no_cases"),
    ]


def test_its_row_has_the_columns_of_the_seed_and_becomes_a_part_of_the_page(tmp_path: Path) -> None:
    for name, text in zip(SEEDS, _blocks("csv"), strict=True):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        [row] = read_seed(name, tmp_path)
        assert list(row) == list(read_seed(name)[0])
    [definition] = read_seed("kpi_definitions", tmp_path)
    assert definition["kpi_id"] not in {row["kpi_id"] for row in read_seed("kpi_definitions")}
    assert definition["family"] in FAMILIES
    page = build_page([definition], read_seed("kpi_targets", tmp_path), {"K99": "kpi_values_quick"})
    assert "### K99" in page
    assert "≥ 50 %" in page
