"""Whether a build may be one by delta, and what is new for it.

The warehouse file remembers what it was built from: the project, the as-of, the parts of the lake,
and for each table the build that changed it last, its version. Comparing that with what is there
now belongs here, and handing the new parts to dbt. How a model is
recomputed from them is in `dbt_project/macros/delta`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from orchestration.settings import Settings
from orchestration.warehouse import project, storage

if TYPE_CHECKING:
    import duckdb
    from dbt.contracts.graph.manifest import Manifest

FULL, DELTA = "full", "delta"
# The part of every stream that holds its columns and no rows.
EMPTY = "empty.parquet"
# Beyond this share of the lake, recomputing all of it at once is the shorter way.
MOST_NEW_SHARE = 0.3

TABLES = """
create schema if not exists delta;
create table if not exists delta.builds (project varchar, as_of_at timestamp, finished boolean);
create table if not exists delta.parts (
    node_id varchar, path varchar, size bigint, modified_ns bigint
);
create or replace table delta.states (node_id varchar, state varchar);
"""
# Other commands of dbt than a build by delta drop it (`dbt_project/macros/delta/versions.sql`).
VERSIONS = """
create table if not exists delta.versions (
    schema_name varchar, table_name varchar, version varchar
)
"""


@dataclass(frozen=True)
class Part:
    """A file of the lake as a source reads it; a file written again is another part."""

    node_id: str
    path: str
    size: int
    modified_ns: int


@dataclass(frozen=True)
class Plan:
    """How to build: everything, or what has changed since `previous_as_of`.

    Attributes:
        mode: `full` or `delta`.
        reason: why, for a person.
        parts: every part of the lake there is now.
        new: those that the warehouse has not been built from.
        has_moved: whether the as-of is another than that of the last build.
    """

    mode: str
    reason: str
    previous_as_of: datetime | None
    parts: tuple[Part, ...]
    new: tuple[Part, ...] = field(default=())
    has_moved: bool = True

    def variables(self, manifest: Manifest) -> dict[str, Any]:
        """What dbt is told beside the variables of every run."""
        if self.mode == FULL:
            return {"build_mode": FULL}
        return {
            "build_mode": DELTA,
            "previous_as_of": project.instant(self.previous_as_of),
            "changed_rows_wanted": rows_wanted(manifest),
        }


def begin(
    settings: Settings,
    as_of: datetime,
    manifest: Manifest,
    *,
    full: bool = False,
    dates: tuple[datetime, datetime] | None = None,
) -> Plan:
    """Decide how to build, and mark the warehouse as being built.

    A build that does not come to its end leaves the mark, and the next one builds everything.

    Args:
        settings: where the warehouse and the lake are.
        as_of: the instant of this build.
        manifest: the project as it is built now.
        full: build everything whatever has changed.
        dates: parts with an instant in this half-open range of UTC count as new.
    """
    made_by = project.fingerprint(settings) + str(sorted(project.settled_vars(settings).items()))
    parts = tuple(lake_parts(manifest))
    storage.renew(settings)
    with storage.opened(settings) as connection:
        plan = _plan(connection, made_by, as_of, parts, full, dates)
        _forget_rows(connection)
        connection.execute(TABLES)
        connection.execute("delete from delta.builds")
        connection.execute(
            "insert into delta.builds values (?, ?, false)", [made_by, _naive(as_of)]
        )
        if plan.mode == DELTA:
            _hand_over(connection, plan.new)
    return plan


def changed(settings: Settings, plan: Plan) -> set[str] | None:
    """Ids of the nodes whose rows this build has changed so far; None when it builds everything."""
    if plan.mode == FULL:
        return None
    with storage.opened(settings) as connection:
        states = connection.execute("select node_id from delta.states").fetchall()
    return {node_id for (node_id,) in states}


def finish(settings: Settings, plan: Plan, manifest: Manifest) -> set[str] | None:
    """Remember what the warehouse is built from now, and that changed tables are other versions.

    Returns:
        Ids of the nodes whose rows changed; None when everything was built.
    """
    found = changed(settings, plan)
    with storage.opened(settings) as connection:
        _forget_rows(connection)
        connection.execute("begin")
        connection.execute("delete from delta.parts")
        if plan.parts:
            columns = [list(column) for column in zip(*map(astuple, plan.parts), strict=True)]
            connection.execute(
                "insert into delta.parts select unnest(?), unnest(?), unnest(?), unnest(?)", columns
            )
        _renew_versions(connection, manifest, found)
        connection.execute("update delta.builds set finished = true")
        connection.execute("commit")
    return found


def versions(connection: duckdb.DuckDBPyConnection, database: str) -> Mapping[tuple[str, str], str]:
    """The version of every table of an attached warehouse, by schema and name.

    A table of the same version has the same rows. None has a version while a build is unfinished.
    """
    known = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ? and schema_name = 'delta' "
        "and table_name in ('builds', 'versions')",
        [database],
    ).fetchone()
    if known != (2,):
        return {}
    found = connection.execute(
        f"select schema_name, table_name, version from {database}.delta.versions "
        f"where (select bool_and(finished) from {database}.delta.builds)"
    ).fetchall()
    return {(schema, table): version for schema, table, version in found}


def lake_parts(manifest: Manifest) -> Iterable[Part]:
    """Every part of the lake that a source of the project reads."""
    for node_id, source in sorted(manifest.sources.items()):
        root, pattern = _location(source)
        for path in sorted(root.glob(pattern)):
            if path.name != EMPTY:
                stat = path.stat()
                yield Part(node_id, str(path), stat.st_size, stat.st_mtime_ns)


def rows_wanted(manifest: Manifest) -> list[str]:
    """Ids of the models whose changed rows another model asks for."""
    wanted = set()
    models = (node for node in manifest.nodes.values() if node.resource_type == "model")
    for node in models:
        named = (node.config.meta or {}).get("recompute", {}).get("inputs", {})
        wanted |= {
            parent
            for parent in node.depends_on.nodes
            if parent in manifest.nodes and manifest.nodes[parent].name in named
        }
    return sorted(wanted)


def _plan(
    connection: duckdb.DuckDBPyConnection,
    made_by: str,
    as_of: datetime,
    parts: tuple[Part, ...],
    full: bool,
    dates: tuple[datetime, datetime] | None,
) -> Plan:
    def everything(reason: str) -> Plan:
        return Plan(FULL, reason, None, parts)

    if full:
        return everything("everything was asked for")
    known = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'delta' and table_name = 'builds'"
    ).fetchone()[0]
    last = known and connection.execute("select * from delta.builds").fetchone()
    if not last:
        return everything("there is no earlier build")
    last_made_by, last_as_of, finished = last
    if not finished:
        return everything("the last build did not come to its end")
    if last_made_by != made_by:
        return everything("models, seeds or settings have changed")
    if _naive(as_of) < last_as_of:
        return everything("the as-of is earlier than that of the last build")
    built = {Part(*row) for row in connection.execute("select * from delta.parts").fetchall()}
    if built - set(parts):
        return everything("parts of the lake have gone or were written again")
    new = {part for part in parts if part not in built}
    new |= _unknown_then(connection, parts, last_as_of)
    if dates:
        new |= _within(connection, parts, dates)
    total = sum(part.size for part in parts)
    if sum(part.size for part in new) > MOST_NEW_SHARE * total:
        return everything("most of the lake is new")
    reason = f"{len(new):,} of {len(parts):,} parts of the lake are new"
    ordered = tuple(part for part in parts if part in new)
    return Plan(DELTA, reason, last_as_of, parts, ordered, _naive(as_of) != last_as_of)


def _unknown_then(
    connection: duckdb.DuckDBPyConnection, parts: tuple[Part, ...], last_as_of: datetime
) -> set[Part]:
    """Parts of exports made after the last as-of: that build passed over them."""
    records = {
        Path(part.path).parent.as_posix() for part in parts if "/extraction/files/" in part.path
    }
    if not records:
        return set()
    (folder,) = records
    late = {
        name
        for (name,) in connection.execute(
            f"select part from read_parquet('{folder}/*.parquet', union_by_name = true) "
            "where exported_at > ?",
            [last_as_of],
        ).fetchall()
    }
    return {part for part in parts if Path(part.path).name in late}


def _within(
    connection: duckdb.DuckDBPyConnection,
    parts: tuple[Part, ...],
    dates: tuple[datetime, datetime],
) -> set[Part]:
    """Parts that hold an instant or a date of the half-open range, by their Parquet statistics."""
    found = set()
    for part in parts:
        hit = connection.execute(
            """
            select count(*) from parquet_metadata(?)
            where type in ('INT64', 'INT32')
                and not starts_with(path_in_schema, '_')
                and try_cast(stats_min_value as timestamp) < ?
                and try_cast(stats_max_value as timestamp) >= ?
            """,
            [part.path, _naive(dates[1]), _naive(dates[0])],
        ).fetchone()[0]
        if hit:
            found.add(part)
    return found


def _hand_over(connection: duckdb.DuckDBPyConnection, new: Iterable[Part]) -> None:
    by_source: dict[str, list[str]] = {}
    for part in new:
        by_source.setdefault(part.node_id, []).append(part.path)
    for node_id, paths in by_source.items():
        _, _, source, name = node_id.split(".")
        empty = {Path(path).with_name(EMPTY) for path in paths}
        files = [*sorted(str(path) for path in empty if path.exists()), *paths]
        listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        connection.execute(
            f"create or replace view delta.source__{source}__{name} as "
            f"select * from read_parquet([{listed}], union_by_name = true)"
        )
        connection.execute("insert into delta.states values (?, 'some')", [node_id])


def _renew_versions(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, changed: Collection[str] | None
) -> None:
    """Give tables a version that no table had before; None: all tables."""
    renewed = [
        (node.schema, node.alias)
        for node in manifest.nodes.values()
        if node.resource_type in ("model", "seed")
        and (changed is None or node.unique_id in changed)
    ]
    if renewed:
        tables = [list(column) for column in zip(*renewed, strict=True)]
        connection.execute(VERSIONS)
        connection.execute(
            "delete from delta.versions where (schema_name, table_name) in "
            "(select unnest(?), unnest(?))",
            tables,
        )
        connection.execute(
            "insert into delta.versions select unnest(?), unnest(?), ?", [*tables, uuid4().hex]
        )


def _forget_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the changed rows of a build; its states stay until the next."""
    for name, kind in connection.execute(
        """
        select table_name, table_type from information_schema.tables
        where table_schema = 'delta' and table_name not in ('builds', 'parts', 'states', 'versions')
        """
    ).fetchall():
        word = "view" if kind == "VIEW" else "table"
        connection.execute(f'drop {word} delta."{name}"')


def _location(source: Any) -> tuple[Path, str]:
    """The folder a source lies in and the pattern of its parts below it."""
    found = Path(re.search(r"'([^']+)'", source.config.meta["external_location"])[1])
    fixed = [part for part in found.parts if "*" not in part]
    root = Path(*fixed)
    return root, str(found.relative_to(root))


def _naive(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
