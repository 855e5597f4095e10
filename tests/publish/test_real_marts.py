"""The marts of a simulated company in PostgreSQL: every table, row, type and word of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from pydantic import SecretStr

from orchestration.publish import SERVING_FILE, current_snapshot
from orchestration.publish.postgres import Server

# Compared row by row up to here; of larger tables the number of rows and of values in each column.
ROWS_COMPARED = 20_000


@pytest.fixture(scope="module")
def stores(pipeline: Any, server: Any) -> Iterator[tuple[Any, Any]]:
    """The published file and a database it was loaded into."""
    file = Path(pipeline.settings.serving_dir) / SERVING_FILE
    dsn = server.emptied()
    snapshot_id = current_snapshot(pipeline.settings)
    with Server(SecretStr(dsn)) as publisher:
        publisher.load(file, snapshot_id)
        with publisher.switching(snapshot_id, is_published=True):
            pass
    with duckdb.connect(str(file), read_only=True) as embedded, psycopg.connect(dsn) as database:
        yield embedded, database


def columns_of(embedded: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column in embedded.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append(column)
    return found


def test_every_row_of_every_mart_is_in_the_database(stores: tuple[Any, Any]) -> None:
    embedded, database = stores
    tables = columns_of(embedded)
    assert "kpi_scorecard" in tables
    for table, columns in tables.items():
        counts = ", ".join(f'count("{column}")' for column in columns)
        sql = f'select count(*), {counts} from marts."{table}"'
        expected = embedded.execute(sql).fetchone()
        assert database.execute(sql).fetchone() == expected, table
        if expected[0] <= ROWS_COMPARED:
            rows = f'select * from marts."{table}"'
            there, here = database.execute(rows), embedded.execute(rows)
            assert Counter(there.fetchall()) == Counter(here.fetchall()), table


def test_every_comment_of_the_file_is_in_the_database(stores: tuple[Any, Any]) -> None:
    embedded, database = stores
    columns = database.execute(
        """
        select relname, attname, col_description(pg_class.oid, attnum)
        from pg_attribute inner join pg_class on pg_class.oid = attrelid
        where relnamespace = 'marts'::regnamespace
        order by relname, attnum
        """
    ).fetchall()
    expected = embedded.execute(
        "select table_name, column_name, trim(comment, E' \\n') from duckdb_columns() "
        "where schema_name = 'marts' order by table_name, column_index"
    ).fetchall()
    assert columns == expected
    tables = database.execute(
        "select relname, obj_description(oid) from pg_class "
        "where relnamespace = 'marts'::regnamespace order by relname"
    ).fetchall()
    assert (
        tables
        == embedded.execute(
            "select table_name, trim(comment, E' \\n') from duckdb_tables() "
            "where schema_name = 'marts' order by table_name"
        ).fetchall()
    )
    assert all(words for _, words in tables)
