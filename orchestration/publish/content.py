"""Writing one snapshot into a folder of its own: the database file, Parquet beside it, its id.

Copying audited tables and fingerprinting them belongs here. Which tables, and when readers are
switched to the folder, does not.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import queue
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, TypeVar

from orchestration.publish import unchanged
from orchestration.publish.embedded import SERVING_FILE
from orchestration.publish.provenance import Run
from orchestration.publish.tables import EXTRACTION_FILES, Table
from orchestration.publish.unchanged import Print, Record
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

logger = logging.getLogger(__name__)

Made = TypeVar("Made")

#: Tables written at a time: each wants memory for sorting.
MOST_AT_A_TIME = 4

# Two runs over the same files differ here and nowhere else, so a snapshot's id leaves these out.
WHEN_IT_RAN = {"extraction_files": ("extracted_at",)}


def write(
    settings: Settings,
    tables: Sequence[Table],
    run: Run,
    folder: Path,
    before: Path | None = None,
) -> tuple[str, dict[str, int]]:
    """Fill a folder with a complete snapshot; its id is a digest of what is in it.

    Args:
        settings: where the warehouse and the lake are.
        tables: what is published.
        run: what the snapshot says of its making.
        folder: empty, and filled by this.
        before: the folder of a kept snapshot, whose unchanged tables are taken over: rows that are
            the same are not sorted, compressed and written again. The snapshot is as whole without.

    Returns the id and the rows of every table.
    """
    import duckdb

    if before is not None:
        try:
            if unchanged.is_usable(before, run.code_version):
                return _write(settings, tables, run, folder, before)
        except (duckdb.Error, OSError) as error:
            # Whatever is wrong with the former files, none of it is needed.
            logger.info("Nothing is taken over from %s: %s", before, error)
            for path in folder.iterdir():
                rmtree(path) if path.is_dir() else path.unlink()
    return _write(settings, tables, run, folder, None)


def _write(
    settings: Settings, tables: Sequence[Table], run: Run, folder: Path, before: Path | None
) -> tuple[str, dict[str, int]]:
    import duckdb

    from orchestration.warehouse import memory_limit

    lake = settings.data_dir / "lake" / "raw" / "extraction" / "files" / "*.parquet"
    sources = {each.name: f'warehouse."{each.schema}"."{each.name}"' for each in tables}
    sources[EXTRACTION_FILES.name] = _extraction_files(lake)
    shown = {each.name: each for each in (*tables, EXTRACTION_FILES) if each.review_file is None}
    sizes, versions = _sizes_and_versions(settings, shown.values())
    names = list(sizes)
    recorded = Record.of(before) if before is not None else None
    taken = _taken(settings, sources, sizes, versions, recorded) if recorded is not None else {}
    if taken and set(names) <= {*taken, *WHEN_IT_RAN}:
        prints = {**taken, **_prints_of_what_ran(sources)}
        if _id_of(settings, run, prints) == before.name:
            return before.name, {name: count for name, (count, _) in sorted(prints.items())}
    marts = folder / SERVING_FILE
    if taken:
        unchanged.copy_marts(before, marts)
    # The new file is opened for writing and the warehouse attached for reading: the reverse fails.
    with duckdb.connect(str(marts)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        # Threads that work on one table wait for each other: each has a table of its own instead.
        connection.execute("set threads = 1")
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        _attach(connection, settings.warehouse_path, "warehouse")
        connection.execute("create schema if not exists marts")
        if taken:
            unchanged.drop_others(connection, taken)
        said = unchanged.words(connection)
        for table in tables:
            if table.review_file is not None:
                _copy(connection, _ordered(sources[table.name]), folder / table.review_file)

        def put(connection: duckdb.DuckDBPyConnection, name: str) -> Print:
            if name not in taken:
                connection.execute(f"create table {_mart(name)} as {_ordered(sources[name])}")
            _describe(connection, shown[name], said.get(name, {}))
            path = _parquet(folder, name)
            path.parent.mkdir(parents=True)
            if name in taken and _has(connection, recorded, name, taken[name]):
                unchanged.link(_parquet(before, name), path)
            else:
                _copy(connection, f"select * from {_mart(name)}", path)
            left_out = WHEN_IT_RAN.get(name, ())
            if name in taken and not left_out:
                return taken[name]
            return unchanged.print_of(connection, _mart(name), left_out)

        (folder / "parquet").mkdir()
        prints = dict(sorted(_for_each(connection, put, names).items()))
        connection.execute("detach warehouse")
        rows = {name: count for name, (count, _) in prints.items()}
        snapshot_id = _id_of(settings, run, prints)
        _create_publication(connection, settings, run, snapshot_id, rows)
        path = _parquet(folder, "publication")
        path.parent.mkdir()
        _copy(connection, "select * from marts.publication", path)
        connection.execute("checkpoint")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            _settle(path)
    _settle(unchanged.record(folder, prints, versions))
    return snapshot_id, rows


def _id_of(settings: Settings, run: Run, prints: Mapping[str, Print]) -> str:
    """The id of a snapshot: a digest of what is in it."""
    identity = {
        "as_of": run.as_of.isoformat(),
        "code_version": run.code_version,
        "reporting_zone": settings.reporting_zone,
        "tables": dict(sorted(prints.items())),
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def _prints_of_what_ran(sources: Mapping[str, str]) -> dict[str, Print]:
    """Prints of the tables that tell when something ran, without that."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return {
            name: unchanged.print_of(connection, sources[name], left_out)
            for name, left_out in WHEN_IT_RAN.items()
        }


def _taken(
    settings: Settings,
    sources: Mapping[str, str],
    sizes: Mapping[str, int],
    versions: Mapping[str, str | None],
    recorded: Record,
) -> dict[str, Print]:
    """Tables of a kept snapshot that have the rows and columns of now, with their digest.

    None where they are so small a part that copying the file would cost more than it saves.
    """
    import duckdb

    taken = {name: recorded.print_of(name, versions[name]) for name in sizes}
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        _attach(connection, settings.warehouse_path, "warehouse")
        _attach(connection, recorded.folder / SERVING_FILE, "former")
        there = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() "
                "where database_name = 'former' and schema_name = 'marts'"
            ).fetchall()
        }

        def same(connection: duckdb.DuckDBPyConnection, name: str) -> Print | None:
            return unchanged.print_if_same(connection, f"former.{_mart(name)}", sources[name])

        unsure = [name for name in sizes if name in there and taken[name] is None]
        taken |= _for_each(connection, same, unsure)
    found = {name: each for name, each in taken.items() if each is not None}
    share = sum(sizes[name] for name in found) / max(1, sum(sizes.values()))
    return found if share >= unchanged.LEAST_TAKEN else {}


def _has(connection: duckdb.DuckDBPyConnection, recorded: Record, name: str, now: Print) -> bool:
    """Whether a former Parquet file has the rows and columns of a table that was taken over."""
    import duckdb

    former = _parquet(recorded.folder, name)
    _, rows, digest = recorded.tables.get(name, (None, 0, ""))
    if (rows, digest) == now and recorded.is_as_written(former):
        return True
    try:
        found = unchanged.print_if_same(connection, _quoted(str(former)), _mart(name), now)
    except duckdb.Error:
        return False
    return found is not None


def _for_each(
    connection: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection, str], Made],
    names: Iterable[str],
) -> dict[str, Made]:
    """What becomes of each table, by name; several are worked on at a time."""
    free: queue.SimpleQueue = queue.SimpleQueue()
    cursors = [connection.cursor() for _ in range(min(MOST_AT_A_TIME, os.cpu_count() or 1))]
    for cursor in cursors:
        cursor.execute("set TimeZone = 'UTC'")
        free.put(cursor)

    def with_cursor(name: str) -> tuple[str, Made]:
        cursor = free.get()
        try:
            return name, work(cursor, name)
        finally:
            free.put(cursor)

    try:
        with ThreadPoolExecutor(len(cursors)) as pool:
            return dict(pool.map(with_cursor, names))
    finally:
        for cursor in cursors:
            cursor.close()


def _sizes_and_versions(
    settings: Settings, tables: Iterable[Table]
) -> tuple[dict[str, int], dict[str, str | None]]:
    """Cells and version of each table, the largest first: none is left for the end of writing."""
    import duckdb

    from orchestration.warehouse import versions

    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        cells = {
            (schema, name): rows * columns
            for schema, name, rows, columns in connection.execute(
                "select schema_name, table_name, estimated_size, column_count from duckdb_tables()"
            ).fetchall()
        }
        [database] = connection.execute("select current_database()").fetchone()
        known = versions(connection, database)
    places = {each.name: (each.schema, each.name) for each in tables}
    sizes = {name: cells.get(place, 0) for name, place in places.items()}
    largest_first = dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))
    return largest_first, {name: known.get(place) for name, place in places.items()}


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    connection.execute(f"attach {_quoted(str(path))} as {name} (read_only)")


def _mart(name: str) -> str:
    return f'marts."{name}"'


def _parquet(folder: Path, name: str) -> Path:
    return folder / "parquet" / name / f"{name}.parquet"


def _ordered(source: str) -> str:
    return f"select * from {source} order by all"


def _extraction_files(lake: Path) -> str:
    path = str(lake).replace("'", "''")
    return f"read_parquet('{path}', union_by_name = true)"


def _describe(connection: duckdb.DuckDBPyConnection, table: Table, said: Mapping[str, str]) -> None:
    """Say what a table and its columns mean, where that is not said yet."""
    name = _mart(table.name)
    words = {"": table.description, **table.columns}
    comments = [
        "comment on "
        + (f'column {name}."{column}"' if column else f"table {name}")
        + f" is {_quoted(text) if text else 'null'}"
        for column, text in unchanged.words_that_differ(said, words).items()
    ]
    if comments:
        # At once: each transaction waits for the disk.
        connection.execute("; ".join(["begin", *comments, "commit"]))


def _copy(connection: duckdb.DuckDBPyConnection, source: str, path: Path) -> None:
    connection.execute(f"copy ({source}) to {_quoted(str(path))} (format parquet)")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


PUBLICATION = Table(
    "marts",
    "publication",
    "Each row is this snapshot: one row, saying what it is and what was checked before.",
    {
        "snapshot_id": "Id of the snapshot: the same content, as-of and code give the same id.",
        "run_id": "The run that published it.",
        "as_of_at": "The instant the numbers are as of, UTC.",
        "published_at": "When it was written, UTC: just before readers were first switched to it.",
        "code_version": "Version of the code that made it.",
        "reporting_zone": "Time zone whose days the numbers are of.",
        "reporting_currency": "Currency that money is in, as ISO 4217 has it.",
        "fiscal_year_start_month": "Month that the fiscal year begins in.",
        "week_start": "Day that weeks begin on.",
        "checks_passed": "Checks of the same run that passed before anything was published.",
        "rows_per_table": "Rows of every table in the snapshot, as JSON.",
        "files": "Versions of landing files that were read up to then.",
        "rows_read": "Rows in these files: those in the lake and those in quarantine.",
        "rows_in_lake": "Rows that were kept.",
        "rows_quarantined": "Rows that were refused, with the reason beside each.",
    },
)


def _create_publication(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    run: Run,
    snapshot_id: str,
    rows: Mapping[str, int],
) -> None:
    connection.execute(
        """
        create table marts.publication as
        select
            ?::varchar as snapshot_id,
            ?::varchar as run_id,
            ?::timestamp as as_of_at,
            ?::timestamp as published_at,
            ?::varchar as code_version,
            ?::varchar as reporting_zone,
            ?::varchar as reporting_currency,
            ?::integer as fiscal_year_start_month,
            ?::varchar as week_start,
            ?::integer as checks_passed,
            ?::varchar as rows_per_table,
            count(*) as files,
            coalesce(sum(rows_read), 0)::bigint as rows_read,
            coalesce(sum(rows_in_lake), 0)::bigint as rows_in_lake,
            coalesce(sum(rows_quarantined), 0)::bigint as rows_quarantined
        from marts.extraction_files
        """,
        [
            snapshot_id,
            run.run_id,
            run.as_of.astimezone(UTC).replace(tzinfo=None),
            datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            run.code_version,
            settings.reporting_zone,
            run.reporting_currency,
            settings.fiscal_year_start_month,
            settings.week_start,
            run.checks_passed,
            json.dumps(rows, sort_keys=True),
        ],
    )
    _describe(connection, PUBLICATION, {})


def _settle(path: Path) -> None:
    """Bring a finished file to the disk and make it read-only, as every reader should open it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o444)
