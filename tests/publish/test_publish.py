"""A reader sees the old snapshot or the new one, whole; after a failure the old, byte for byte."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration import publish as publishing
from orchestration.errors import PublishError
from orchestration.publish import content, embedded, publish
from orchestration.settings import Settings

from .conftest import AS_OF, TABLES, build_warehouse, bytes_of, query, run


def test_a_snapshot_has_every_table_in_the_database_and_as_parquet(settings: Settings) -> None:
    snapshot = publish(settings, TABLES, run())
    assert snapshot.is_new
    assert snapshot.rows == {"dim_network": 1, "extraction_files": 1, "kpi_scorecard": 100}
    assert query(settings, "select count(*), sum(value) from marts.kpi_scorecard") == [(100, 100)]
    for table in [*snapshot.rows, "publication"]:
        files = settings.serving_dir / "parquet" / table / "*.parquet"
        assert duckdb.sql(f"select count(*) from '{files}'").fetchone() == tuple(
            query(settings, f"select count(*) from marts.{table}")[0]
        )


def test_the_publication_row_says_what_was_published(settings: Settings) -> None:
    snapshot = publish(settings, TABLES, run())
    [row] = query(
        settings,
        "select snapshot_id, run_id, as_of_at, code_version, reporting_zone, reporting_currency,"
        " checks_passed, rows_per_table, files, rows_read, rows_in_lake, rows_quarantined"
        " from marts.publication",
    )
    assert row[:7] == (
        snapshot.snapshot_id, "run-1", AS_OF.replace(tzinfo=None), "abc", "UTC", "EUR", 7
    )  # fmt: skip
    assert json.loads(row[7]) == snapshot.rows
    assert row[8:] == (1, 3, 2, 1)


def test_descriptions_of_the_models_reach_the_reader(settings: Settings) -> None:
    publish(settings, TABLES, run())
    assert query(settings, "select comment from duckdb_columns() where column_name = 'value'") == [
        ("What it's worth",)
    ]
    assert query(
        settings, "select comment from duckdb_tables() where table_name = 'dim_network'"
    ) == [("Each row is a network.",)]


def test_quoted_messages_stay_out_of_the_marts(settings: Settings) -> None:
    publish(settings, TABLES, run())
    names = {name for (name,) in query(settings, "select table_name from duckdb_tables()")}
    assert "exemplars" not in names
    assert not (settings.serving_dir / "parquet" / "exemplars").exists()
    quoted = duckdb.sql(f"select text from '{settings.serving_dir / 'exemplars.parquet'}'")
    assert quoted.fetchall() == [("Lovely!",)]


def test_publishing_the_same_again_changes_not_a_byte(settings: Settings) -> None:
    first = publish(settings, TABLES, run())
    before = bytes_of(settings.serving_dir)
    build_warehouse(settings)
    second = publish(settings, TABLES, run("run-2"))
    assert (second.snapshot_id, second.is_new) == (first.snapshot_id, False)
    assert bytes_of(settings.serving_dir) == before


def test_a_table_larger_than_the_memory_is_sorted_on_disk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            "create or replace table kpi.kpi_scorecard as"
            " select md5(i::varchar) as cell, 1 as value from range(2_000_000) as r(i)"
        )
    monkeypatch.setenv("DUCKDB_MEMORY_LIMIT", "100MB")
    publish(settings, TABLES, run())
    monkeypatch.setenv("DUCKDB_MEMORY_LIMIT", "1MB")
    with pytest.raises(PublishError, match="DUCKDB_MEMORY_LIMIT"):
        publish(settings, TABLES, run(as_of=AS_OF + timedelta(days=1)))
    assert query(settings, "select count(distinct cell) from marts.kpi_scorecard") == [(2_000_000,)]
    assert not list(settings.serving_dir.rglob("*.tmp"))


def test_another_as_of_zone_or_number_is_another_snapshot(settings: Settings) -> None:
    seen = {publish(settings, TABLES, run()).snapshot_id}
    seen.add(publish(settings, TABLES, run(as_of=AS_OF + timedelta(days=1))).snapshot_id)
    zoned = settings.model_copy(update={"reporting_zone": "Asia/Tokyo"})
    seen.add(publish(zoned, TABLES, run()).snapshot_id)
    build_warehouse(settings, generation=2)
    seen.add(publish(settings, TABLES, run()).snapshot_id)
    assert len(seen) == 4


@pytest.mark.parametrize("failure", ["missing table", "no warehouse", "disk", "damaged lake"])
def test_a_failure_leaves_serving_byte_for_byte(
    settings: Settings, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, TABLES, run())
    before = bytes_of(settings.serving_dir)
    build_warehouse(settings, generation=2)
    if failure == "missing table":
        with duckdb.connect(str(settings.warehouse_path)) as connection:
            connection.execute("drop table core.dim_network")
    elif failure == "no warehouse":
        settings.warehouse_path.unlink()
    elif failure == "disk":

        def full(path: Path) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(content, "_settle", full)
    else:
        [part] = (settings.data_dir / "lake" / "raw" / "extraction" / "files").iterdir()
        part.write_bytes(b"not parquet")
    with pytest.raises(PublishError):
        publish(settings, TABLES, run("run-2"))
    assert bytes_of(settings.serving_dir) == before


def test_a_reader_who_opened_the_old_snapshot_keeps_it(settings: Settings) -> None:
    publish(settings, TABLES, run())
    with duckdb.connect(str(settings.serving_dir / "kpi_marts.duckdb"), read_only=True) as reader:
        build_warehouse(settings, generation=2)
        publish(settings, TABLES, run("run-2"))
        assert reader.execute("select max(value) from marts.kpi_scorecard").fetchone() == (1,)
    assert query(settings, "select max(value) from marts.kpi_scorecard") == [(2,)]


def test_as_many_snapshots_are_kept_as_the_setting_says(settings: Settings) -> None:
    settings = settings.model_copy(update={"snapshots_kept": 3})
    published = []
    for generation in range(1, 6):
        build_warehouse(settings, generation)
        published.append(publish(settings, TABLES, run(f"run-{generation}")).snapshot_id)
    kept = {path.name for path in (settings.serving_dir / "snapshots").iterdir()}
    assert kept == set(published[-3:])


def test_old_snapshots_that_cannot_be_removed_are_told_of_after_the_switch(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings.model_copy(update={"snapshots_kept": 1})
    snapshots = settings.serving_dir / "snapshots"

    def fail(*what: object, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise PermissionError(13, "Permission denied")

    publish(settings, TABLES, run())
    build_warehouse(settings, 2)
    with monkeypatch.context() as patch:
        patch.setattr(embedded, "remove", fail)
        second = publish(settings, TABLES, run("run-2"))
    assert second.is_new
    assert embedded.current_snapshot(settings) == second.snapshot_id
    assert "Permission denied" in caplog.text
    assert len(list(snapshots.iterdir())) == 2
    # Also what is out of the list and cannot be deleted is no reason not to publish.
    (snapshots / ".removed-0123456789abcdef").mkdir()
    build_warehouse(settings, 3)
    with monkeypatch.context() as patch:
        patch.setattr(embedded, "rmtree", fail)
        third = publish(settings, TABLES, run("run-3"))
    assert embedded.kept_snapshots(settings) == [third.snapshot_id]
    publish(settings, TABLES, run("run-4"))
    assert [path.name for path in snapshots.iterdir()] == [third.snapshot_id]


def test_hidden_files_of_others_are_let_alone(settings: Settings) -> None:
    publish(settings, TABLES, run())
    finder = settings.serving_dir / "snapshots" / ".DS_Store"
    finder.touch()
    build_warehouse(settings, 2)
    assert publish(settings, TABLES, run("run-2")).is_new
    assert finder.is_file()


def test_published_files_are_read_only(settings: Settings) -> None:
    publish(settings, TABLES, run())
    for path in (settings.serving_dir / "current").rglob("*"):
        assert not path.is_file() or path.stat().st_mode & 0o222 == 0


def test_marts_are_published_unless_tagged_and_seeds_only_when_tagged() -> None:
    def node(
        name: str, folder: str, *, kind: str = "model", tags: tuple = (), meta: dict | None = None
    ):
        return {
            "resource_type": kind, "fqn": ["project", *folder.split("/"), name], "tags": list(tags),
            "config": {"meta": meta or {}}, "schema": folder.rsplit("/", maxsplit=1)[-1],
            "alias": name, "description": f"Each row is a {name}.", "columns": {},
        }  # fmt: skip

    nodes = [
        node("stg_a", "staging/a"),
        node("fct_a", "marts/core"),
        node("exemplars", "marts/core", tags=("unpublished",), meta={"review_file": "e.parquet"}),
        node("helper", "marts/kpi", tags=("unpublished",)),
        node("targets", "seeds", kind="seed", tags=("published",)),
        node("rules", "seeds", kind="seed"),
        node("a_test", "marts/core", kind="test"),
    ]
    found = publishing.published_tables({"nodes": {n["alias"]: n for n in nodes}})
    assert [(table.name, table.review_file) for table in found] == [
        ("exemplars", "e.parquet"),
        ("fct_a", None),
        ("targets", None),
    ]
