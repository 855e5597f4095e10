"""A tiny warehouse, made by hand: publishing is about files and switching, not about models."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import Run, Table
from orchestration.settings import Settings

from .postgres import Postgres

TABLES = (
    Table("kpi", "kpi_scorecard", "Each row is a cell.", {"value": "What it's worth"}),
    Table("core", "dim_network", "Each row is a network."),
    Table("core", "exemplars", "Each row is a message to quote.", review_file="exemplars.parquet"),
)
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)


def build_warehouse(settings: Settings, generation: int = 1, rows: int = 100) -> None:
    """A warehouse whose every cell carries the generation, so that mixtures show."""
    files = settings.data_dir / "lake" / "raw" / "extraction" / "files"
    files.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create schema if not exists kpi; create schema if not exists core")
        connection.execute(
            f"create or replace table kpi.kpi_scorecard as select i as cell, {generation} as value"
            f" from range({rows}) as r(i)"
        )
        connection.execute(
            f"create or replace table core.dim_network as select 'x' as network, {generation} as g"
        )
        connection.execute(
            "create or replace table core.exemplars as select 'Lovely!' as text, 'm1' as message_id"
        )
        connection.execute(
            "copy (select 'x' as source, 'posts' as stream, 'a.csv' as file, 3 as rows_read,"
            " 2 as rows_in_lake, 1 as rows_quarantined, now()::timestamp as extracted_at)"
            f" to '{files / 'part-1.parquet'}' (format parquet)"
        )


def run(run_id: str = "run-1", as_of: datetime = AS_OF) -> Run:
    return Run(
        run_id=run_id, as_of=as_of, code_version="abc", checks_passed=7, reporting_currency="EUR"
    )


def query(settings: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.serving_dir / "kpi_marts.duckdb"), read_only=True) as reader:
        return reader.execute(sql).fetchall()


def bytes_of(folder: Path) -> dict[str, str]:
    """What a reader could notice: every path, with a link's target or a file's content."""
    return {
        path.relative_to(folder).as_posix(): path.readlink().as_posix()
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "data")
    build_warehouse(settings)
    return settings


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """One PostgreSQL for every test."""
    postgres = Postgres()
    yield postgres
    postgres.close()


@pytest.fixture
def database(server: Postgres) -> str:
    """The address of an empty database."""
    return server.emptied()
