"""What a snapshot takes over from the one before: tables that are the same, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import Table, publish
from orchestration.publish import content as writing
from orchestration.settings import Settings

from .conftest import TABLES, build_warehouse, query, run

HISTORY = Table("core", "history", "Each row is an old day.", {"day": "A day."})
ALL = (*TABLES, HISTORY)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A warehouse with a table that stays the same from one generation to the next."""
    change(
        settings, "create table core.history as select i as day, 'x' as what from range(50) r(i)"
    )
    return settings


def change(settings: Settings, sql: str) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(sql)


def publish_next(settings: Settings, generation: int, tables: tuple = ALL, **how: str) -> Path:
    """Publish a generation and return the folder of its snapshot."""
    build_warehouse(settings, generation)
    code = how.get("code_version", "abc")
    made_by = run(f"run-{generation}")
    publish(settings, tables, made_by.__class__(**{**made_by.__dict__, "code_version": code}))
    return (settings.serving_dir / "current").resolve()


def parquet(folder: Path, name: str) -> Path:
    return folder / "parquet" / name / f"{name}.parquet"


def is_taken(before: Path, after: Path, name: str = "history") -> bool:
    assert before != after
    return parquet(before, name).samefile(parquet(after, name))


def test_an_unchanged_table_is_taken_over_and_a_changed_one_is_not(settings: Settings) -> None:
    first, second = publish_next(settings, 1), publish_next(settings, 2)
    assert is_taken(first, second)
    assert not is_taken(first, second, "kpi_scorecard")
    assert query(settings, "select min(value), max(value) from marts.kpi_scorecard") == [(2, 2)]
    assert query(settings, "select count(*), sum(day) from marts.history") == [(50, 1225)]


def test_a_snapshot_is_the_same_with_and_without_one_before(
    settings: Settings, tmp_path: Path
) -> None:
    publish_next(settings, 1)
    after_another = publish_next(settings, 2)
    alone = settings.model_copy(update={"data_dir": tmp_path / "alone"})
    alone.data_dir.mkdir()
    change(alone, "create schema core; create table core.history as "
           "select i as day, 'x' as what from range(50) r(i)")  # fmt: skip
    from_nothing = publish_next(alone, 2)
    assert after_another.name == from_nothing.name
    for table in ("history", "kpi_scorecard", "dim_network"):
        assert (
            parquet(after_another, table).read_bytes() == parquet(from_nothing, table).read_bytes()
        )
        rows = f"select * from marts.{table}"
        assert query(settings, rows) == query(alone, rows)


def test_what_was_taken_over_stays_when_the_snapshot_it_came_from_goes(settings: Settings) -> None:
    settings = settings.model_copy(update={"snapshots_kept": 1})
    first = publish_next(settings, 1)
    second = publish_next(settings, 2)
    assert not first.exists()
    assert query(settings, "select sum(day) from marts.history") == [(1225,)]
    assert duckdb.sql(f"select sum(day) from '{parquet(second, 'history')}'").fetchone() == (1225,)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("update core.history set what = 'y' where day = 7", [("y",)]),
        ("alter table core.history alter day type integer", [("x",)]),
        ("alter table core.history add column more integer", [("x",)]),
    ],
    ids=["a value", "a type", "a column"],
)
def test_a_table_that_differs_in_anything_is_written_anew(
    settings: Settings, sql: str, expected: list[tuple]
) -> None:
    first = publish_next(settings, 1)
    change(settings, sql)
    second = publish_next(settings, 2)
    assert not is_taken(first, second)
    assert query(settings, "select what from marts.history where day = 7") == expected
    described = [
        connection.execute(f"describe {relation}").fetchall()
        for connection, relation in (
            (duckdb.connect(str(settings.warehouse_path), read_only=True), "core.history"),
            (duckdb.connect(str(second / "kpi_marts.duckdb"), read_only=True), "marts.history"),
        )
    ]
    assert described[0] == described[1]


def test_nothing_is_taken_over_from_other_code(settings: Settings) -> None:
    first = publish_next(settings, 1)
    assert not is_taken(first, publish_next(settings, 2, code_version="def"))


def test_new_words_reach_a_table_that_was_taken_over(settings: Settings) -> None:
    first = publish_next(settings, 1)
    reworded = (*TABLES, Table("core", "history", "Each row is a day.", {"what": "A letter."}))
    assert is_taken(first, publish_next(settings, 2, reworded))
    assert query(
        settings, "select comment from duckdb_tables() where table_name = 'history'"
    ) == [("Each row is a day.",)]  # fmt: skip
    assert query(
        settings, "select column_name, comment from duckdb_columns() where table_name = 'history'"
    ) == [("day", None), ("what", "A letter.")]


def test_a_table_that_is_published_no_longer_is_gone(settings: Settings) -> None:
    publish_next(settings, 1)
    publish_next(settings, 2, TABLES)
    assert query(settings, "select * from duckdb_tables() where table_name = 'history'") == []
    assert not (settings.serving_dir / "parquet" / "history").exists()


def test_altered_files_of_the_snapshot_before_are_not_taken_over(settings: Settings) -> None:
    first = publish_next(settings, 1)
    altered = parquet(first, "history")
    altered.unlink()
    duckdb.sql(f"copy (select 1::bigint as day, 'z' as what) to '{altered}' (format parquet)")
    second = publish_next(settings, 2)
    assert not is_taken(first, second)
    assert duckdb.sql(f"select sum(day) from '{parquet(second, 'history')}'").fetchone() == (1225,)
    marts = second / "kpi_marts.duckdb"
    marts.chmod(0o644)
    with duckdb.connect(str(marts)) as connection:
        connection.execute("update marts.history set what = 'z'")
    publish_next(settings, 3)
    assert query(settings, "select distinct what from marts.history") == [("x",)]


@pytest.mark.parametrize("damaged", ["kpi_marts.duckdb", "parquet/history/history.parquet"])
def test_a_damaged_file_of_the_snapshot_before_costs_only_time(
    settings: Settings, damaged: str
) -> None:
    path = publish_next(settings, 1) / damaged
    path.chmod(0o644)
    path.write_bytes(b"broken" * 1000)
    publish_next(settings, 2)
    assert query(settings, "select sum(day) from marts.history") == [(1225,)]
    assert query(settings, "select max(value) from marts.kpi_scorecard") == [(2,)]


def test_a_file_system_without_links_gets_a_copy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    first = publish_next(settings, 1)
    monkeypatch.setattr(writing.unchanged.os, "link", refused)
    second = publish_next(settings, 2)
    assert not is_taken(first, second)
    assert parquet(first, "history").read_bytes() == parquet(second, "history").read_bytes()


def test_where_little_is_unchanged_a_new_file_is_begun(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish_next(settings, 1)
    monkeypatch.setattr(writing.unchanged, "LEAST_TAKEN", 1.1)
    monkeypatch.setattr(writing.unchanged, "copy_marts", pytest.fail)
    assert not is_taken(first, publish_next(settings, 2))
    assert query(settings, "select sum(day) from marts.history") == [(1225,)]


def versioned(settings: Settings, version: str, *, is_finished: bool = True) -> None:
    """Let the warehouse say which version of the history it has."""
    change(
        settings,
        "create schema if not exists delta;"
        f"create or replace table delta.builds as select {is_finished} as finished;"
        "create or replace table delta.versions as select 'core' as schema_name,"
        f" 'history' as table_name, '{version}' as version",
    )


def compared(settings: Settings, monkeypatch: pytest.MonkeyPatch, generation: int) -> set[str]:
    """Publish a generation; returns the tables whose rows were held against former ones."""
    found = []
    usual = writing.unchanged.print_if_same

    def told(connection: object, former: str, relation: str, *now: object) -> object:
        found.append(former)
        return usual(connection, former, relation, *now)

    monkeypatch.setattr(writing.unchanged, "print_if_same", told)
    publish_next(settings, generation)
    return {name for name in ("history", "kpi_scorecard") if any(name in each for each in found)}


def test_a_table_of_the_same_version_is_taken_over_unread(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    versioned(settings, "one")
    first = publish_next(settings, 1)
    assert compared(settings, monkeypatch, 2) == {"kpi_scorecard"}
    second = (settings.serving_dir / "current").resolve()
    assert is_taken(first, second)
    assert compared(settings, monkeypatch, 3) == {"kpi_scorecard"}
    assert query(settings, "select sum(day) from marts.history") == [(1225,)]


@pytest.mark.parametrize("what", ["another version", "an unfinished build", "a touched file"])
def test_a_version_that_says_nothing_is_not_relied_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    versioned(settings, "one")
    first = publish_next(settings, 1)
    change(settings, "update core.history set what = 'y' where day = 7")
    if what == "another version":
        versioned(settings, "two")
    elif what == "an unfinished build":
        versioned(settings, "one", is_finished=False)
    else:
        os.utime(first / "kpi_marts.duckdb", (1, 1))
    assert "history" in compared(settings, monkeypatch, 2)
    assert query(settings, "select what from marts.history where day = 7") == [("y",)]


def test_the_same_again_writes_nothing_at_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish_next(settings, 1)
    monkeypatch.setattr(writing.unchanged, "copy_marts", pytest.fail)
    assert publish_next(settings, 1) == first
