"""Outcomes of expectations that still hold good: of tables that have not changed since.

Saying what an outcome rests on, keeping it and finding it again belongs here. Evaluating does not.
An outcome rests on the words of its expectation, the version of every table its frame reads, and,
where the frame compares, the snapshot readers have. Without a version nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from orchestration.quality.expectations import Expectation
from orchestration.quality.frames import FRAMES, PUBLISHED, ROWS_NOW

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings

#: Where outcomes are kept in the warehouse.
KEPT = "checks.outcomes"


def grounds(
    connection: duckdb.DuckDBPyConnection,
    expectation: Expectation,
    versions: Mapping[tuple[str, str], str],
    snapshot_id: str | None,
) -> str | None:
    """A digest of all that an outcome rests on; None where that cannot be said.

    Args:
        connection: parses the frame's query.
        expectation: what is asked.
        versions: of the warehouse's tables, by schema and name.
        snapshot_id: of the snapshot readers have.
    """
    frame = FRAMES[expectation.frame]
    rests_on: list[Any] = [asdict(expectation), frame.sql, snapshot_id if frame.compares else None]
    for catalog, schema, table in _tables(connection, frame.sql):
        if (catalog, schema, table) == ("", "", ROWS_NOW):
            rests_on.append(sorted((*place, version) for place, version in versions.items()))
        elif schema and catalog != PUBLISHED:
            if (schema, table) not in versions:
                return None
            rests_on.append((schema, table, versions[schema, table]))
    return hashlib.sha256(json.dumps(rests_on, default=str).encode()).hexdigest()


def known(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, Any]]:
    """The kept outcomes of an attached warehouse by what they rest on."""
    schema, _, table = KEPT.partition(".")
    is_there = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = ? and schema_name = ? and table_name = ?",
        [database, schema, table],
    ).fetchone()
    if is_there == (0,):
        return {}
    found = connection.execute(f"select grounds, outcome from {database}.{KEPT}").fetchall()
    return {on: json.loads(outcome) for on, outcome in found}


def keep(settings: Settings, reached: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Keep outcomes in place of earlier ones of the same expectations.

    Args:
        settings: where the warehouse is; nobody else may have it open.
        reached: the name of an expectation, what its outcome rests on, and the outcome.
    """
    import duckdb

    rows = [(name, on, json.dumps(outcome, default=str)) for name, on, outcome in reached]
    if not rows:
        return
    schema, _, _ = KEPT.partition(".")
    columns = [list(column) for column in zip(*rows, strict=True)]
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(
            f"create table if not exists {KEPT} (name varchar, grounds varchar, outcome varchar)"
        )
        connection.execute("begin")
        connection.execute(f"delete from {KEPT} where name in (select unnest(?))", columns[:1])
        connection.execute(f"insert into {KEPT} select unnest(?), unnest(?), unnest(?)", columns)
        connection.execute("commit")


def _tables(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str, str, str]]:
    """Catalog, schema and name of all that a query selects from; its own parts have no schema."""
    (told,) = connection.execute("select json_serialize_sql(?)", [sql]).fetchone()
    return sorted(set(_named(json.loads(told))))


def _named(part: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(part, dict):
        if part.get("type") == "BASE_TABLE":
            yield part["catalog_name"], part["schema_name"], part["table_name"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _named(each)
