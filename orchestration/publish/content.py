"""Writing one snapshot into a folder of its own: the database file, Parquet beside it, its id.

Copying audited tables and fingerprinting them belongs here. Which tables, and when readers are
switched to the folder, does not.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.publish.embedded import SERVING_FILE
from orchestration.publish.provenance import Run
from orchestration.publish.tables import EXTRACTION_FILES, Table
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

# Two runs over the same files differ here and nowhere else, so a snapshot's id leaves these out.
WHEN_IT_RAN = {"extraction_files": ("extracted_at",)}


def write(
    settings: Settings, tables: Sequence[Table], run: Run, folder: Path
) -> tuple[str, dict[str, int]]:
    """Fill a folder with a complete snapshot; its id is a digest of what is in it.

    Returns the id and the rows of every table.
    """
    import duckdb

    # The new file is opened for writing and the warehouse attached for reading: the reverse fails.
    with duckdb.connect(str(folder / SERVING_FILE)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        warehouse = str(settings.warehouse_path).replace("'", "''")
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
        connection.execute("create schema marts")
        for table in tables:
            source = f'select * from warehouse."{table.schema}"."{table.name}" order by all'
            if table.review_file is not None:
                _copy(connection, source, folder / table.review_file)
            else:
                _create(connection, table, source)
        lake = settings.data_dir / "lake" / "raw" / "extraction" / "files" / "*.parquet"
        _create(connection, EXTRACTION_FILES, _extraction_files(lake))
        connection.execute("detach warehouse")

        prints = _fingerprints(connection)
        rows = {name: count for name, (count, _) in prints.items()}
        identity = {
            "as_of": run.as_of.isoformat(),
            "code_version": run.code_version,
            "reporting_zone": settings.reporting_zone,
            "tables": prints,
        }
        snapshot_id = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
        _create_publication(connection, settings, run, snapshot_id, rows)
        for name in [*rows, "publication"]:
            path = folder / "parquet" / name / f"{name}.parquet"
            path.parent.mkdir(parents=True)
            _copy(connection, f'select * from marts."{name}"', path)
        connection.execute("checkpoint")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            _settle(path)
    return snapshot_id, rows


def _extraction_files(lake: Path) -> str:
    path = str(lake).replace("'", "''")
    return f"select * from read_parquet('{path}', union_by_name = true) order by all"


def _create(connection: duckdb.DuckDBPyConnection, table: Table, source: str) -> None:
    name = f'marts."{table.name}"'
    connection.execute(f"create table {name} as {source}")
    if table.description:
        connection.execute(f"comment on table {name} is {_quoted(table.description)}")
    for column, description in table.columns.items():
        if description:
            connection.execute(f'comment on column {name}."{column}" is {_quoted(description)}')


def _copy(connection: duckdb.DuckDBPyConnection, source: str, path: Path) -> None:
    connection.execute(f"copy ({source}) to {_quoted(str(path))} (format parquet)")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _fingerprints(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Rows and content digest of every table; the digest does not depend on the order of rows."""
    names = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    found = {}
    for (name,) in names:
        left_out = ", ".join(WHEN_IT_RAN.get(name, ()))
        columns = f"* exclude ({left_out})" if left_out else "*"
        count, digest = connection.execute(
            "select count(*), sum(hash(content)) "
            f'from (select {columns} from marts."{name}") as content'
        ).fetchone()
        found[name] = (count, str(digest))
    return found


PUBLICATION_COLUMNS = {
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
}


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
    connection.execute(
        "comment on table marts.publication is "
        "'Each row is this snapshot: one row, saying what it is and what was checked before.'"
    )
    for column, meaning in PUBLICATION_COLUMNS.items():
        connection.execute(f"comment on column marts.publication.{column} is {_quoted(meaning)}")


def _settle(path: Path) -> None:
    """Bring a finished file to the disk and make it read-only, as every reader should open it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o444)
