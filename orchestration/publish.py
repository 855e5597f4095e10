"""Audited marts to serving: one complete snapshot, switched to in one atomic step.

Writing, naming and switching snapshots belongs here. Deciding whether the marts may be published
does not (the checks do that), nor does any number: tables are copied as the models made them.
"""

# No postponed annotations here: Dagster looks at the annotation of `context` itself.

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.clock import as_of_of_run
from orchestration.errors import PublishError
from orchestration.history import record_run
from orchestration.settings import PROJECT_DIR, Settings

if TYPE_CHECKING:
    import duckdb

SERVING_FILE = "kpi_marts.duckdb"
SNAPSHOTS_KEPT = 2

# Readers may hold their paths for ever: each leads through `current`, the one link a publish moves.
CURRENT = "current"
SNAPSHOTS = "snapshots"
UNPUBLISHED_TAG = "unpublished"
PUBLISHED_TAG = "published"

# A model that is no table for BI but that a review quotes from becomes this file beside the marts.
REVIEW_FILE_META = "review_file"

# Two runs over the same files differ here and nowhere else, so a snapshot's id leaves these out.
WHEN_IT_RAN = {"extraction_files": ("extracted_at",)}

CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".j2", ".html", ".css"}
GENERATED = {"__pycache__", "target", "logs"}


@dataclass(frozen=True)
class Table:
    """A table to publish: where the warehouse has it, and what a reader should know about it."""

    schema: str
    name: str
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    review_file: str | None = None


@dataclass(frozen=True)
class Run:
    """What a publication says about the run that made it."""

    run_id: str
    as_of: datetime
    code_version: str
    checks_passed: int


@dataclass(frozen=True)
class Snapshot:
    """A published snapshot: its id, rows per table, and whether readers were switched to it."""

    snapshot_id: str
    rows: Mapping[str, int]
    is_new: bool


def published_tables(manifest: Mapping[str, Any]) -> list[Table]:
    """Every model under models/marts but those tagged `unpublished`; seeds tagged `published`.

    A model with `meta.review_file` becomes that file beside the marts and no table in them.
    """
    tables = []
    for node in manifest["nodes"].values():
        review_file = node["config"].get("meta", {}).get(REVIEW_FILE_META)
        is_mart = node["resource_type"] == "model" and "marts" in node["fqn"]
        is_shown = is_mart and UNPUBLISHED_TAG not in node["tags"]
        is_reference = node["resource_type"] == "seed" and PUBLISHED_TAG in node["tags"]
        if not (is_shown or is_reference or (is_mart and review_file)):
            continue
        columns = {name: column["description"] for name, column in node["columns"].items()}
        tables.append(
            Table(node["schema"], node["alias"], node["description"], columns, review_file)
        )
    return sorted(tables, key=lambda table: table.name)


def code_version(
    folders: Iterable[str] = ("orchestration", "dbt_project", "models", "seeds"),
) -> str:
    """A digest of the code and reference data that make numbers; the same on every machine."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((PROJECT_DIR / folder).rglob("*")):
            relative = path.relative_to(PROJECT_DIR)
            if path.suffix in CODE_SUFFIXES and not GENERATED & set(relative.parts):
                digest.update(relative.as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def publish(settings: Settings, tables: Sequence[Table], run: Run) -> Snapshot:
    """Write a complete snapshot of the tables and switch readers to it.

    A snapshot's id is a digest of what is in it. Where serving already has exactly that, nothing is
    switched and not a byte of serving changes.

    Raises:
        PublishError: the snapshot could not be written; serving is as it was.
    """
    import duckdb

    serving = settings.serving_dir
    building = serving / SNAPSHOTS / f".building-{run.run_id}"
    if not settings.warehouse_path.is_file():
        raise PublishError(
            f"There is no warehouse at {settings.warehouse_path}: build the models first."
        )
    try:
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        snapshot_id, rows = _write(settings, tables, run, building)
        is_new = current_snapshot(settings) != snapshot_id
        if is_new:
            _switch(serving, building, snapshot_id)
            _prune(settings)
    except (duckdb.Error, OSError) as error:
        raise PublishError(f"The snapshot could not be written: {error}") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Snapshot(snapshot_id, rows, is_new)


def periods_with_numbers(settings: Settings) -> dict[str, list[str]]:
    """Labels of the periods that were over at the as-of and have numbers, by kind, oldest first.

    A backlog alone is no number here: conversations nobody closed stay open for ever, also in the
    weeks after the last export.
    """
    import duckdb

    from orchestration.reviews.periods import period_of

    with duckdb.connect(str(settings.serving_dir / SERVING_FILE), read_only=True) as connection:
        rows = connection.execute(
            """
            select distinct period_kind, period_start_on
            from marts.kpi_scorecard
            inner join marts.kpi_definitions using (kpi_id), marts.publication
            where
                kpi_definitions.family <> 'backlog'
                and value is not null
                and n > 0
                and period_end_on < timezone(
                    publication.reporting_zone, timezone('UTC', publication.as_of_at)
                )::date
            order by period_start_on
            """
        ).fetchall()
    found: dict[str, list[str]] = {"week": [], "month": [], "quarter": []}
    for kind, starts_on in rows:
        found[kind].append(period_of(kind, starts_on, settings.fiscal_year_start_month).label)
    return found


def publication_asset(
    settings: Settings,
    manifest: Mapping[str, Any],
    *,
    deps: Iterable[dg.AssetKey],
    checks: Iterable[dg.AssetCheckKey],
    periods: Mapping[str, dg.DynamicPartitionsDefinition],
    pool: str,
) -> dg.AssetsDefinition:
    """The published snapshot. It refuses to publish what its own run has not checked.

    Args:
        settings: where the warehouse and serving are.
        manifest: says which tables are published.
        deps: the assets of these tables.
        checks: every check that must have passed in the same run.
        periods: the partitions of the reviews by kind of period; new periods are added.
        pool: the pool of everything that opens the warehouse.
    """
    required = frozenset(checks)

    @dg.asset(
        key=["serving", "publication"],
        deps=deps,
        group_name="serving",
        kinds={"duckdb", "parquet"},
        pool=pool,
        description="Each row is the snapshot readers have: audited marts as one DuckDB file and "
        "as Parquet, switched to in one step.",
    )
    def publication(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        record_run(context.instance, context.run.run_id, settings)
        snapshot = publish(
            settings,
            published_tables(manifest),
            Run(
                run_id=context.run.run_id,
                as_of=as_of_of_run(context, settings),
                code_version=code_version(),
                checks_passed=_count_passed(context, required),
            ),
        )
        for kind, labels in periods_with_numbers(settings).items():
            context.instance.add_dynamic_partitions(periods[kind].name, labels)
        return dg.MaterializeResult(
            metadata={
                "snapshot_id": snapshot.snapshot_id,
                "is_new": snapshot.is_new,
                "tables": len(snapshot.rows),
                "dagster/row_count": sum(snapshot.rows.values()),
                "rows": dg.MetadataValue.json(dict(snapshot.rows)),
                "path": dg.MetadataValue.path(settings.serving_dir / SERVING_FILE),
            }
        )

    return publication


def _count_passed(context: dg.AssetExecutionContext, required: frozenset[dg.AssetCheckKey]) -> int:
    """How many checks passed in this run.

    Raises:
        PublishError: a required check was not evaluated in this run, or did not pass.
    """
    evaluations = [
        entry.get_dagster_event().asset_check_evaluation_data
        for entry in context.instance.all_logs(
            context.run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        )
    ]
    held = {
        evaluation.asset_check_key
        for evaluation in evaluations
        if evaluation.passed or evaluation.severity == dg.AssetCheckSeverity.WARN
    }
    missing = sorted(key.to_user_string() for key in required - held)
    if missing:
        raise PublishError(
            f"{len(missing)} checks have not passed in this run, so nothing is published: "
            f"{', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}. "
            "Run the whole refresh job: it builds, checks and publishes together."
        )
    return sum(evaluation.passed for evaluation in evaluations)


def _write(
    settings: Settings, tables: Sequence[Table], run: Run, folder: Path
) -> tuple[str, dict[str, int]]:
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


EXTRACTION_FILES = Table(
    "marts",
    "extraction_files",
    "Each row is a version of a landing file, with what became of its rows: read = in the lake + "
    "quarantined.",
)


def _extraction_files(lake: Path) -> str:
    path = str(lake).replace("'", "''")
    return f"select * from read_parquet('{path}', union_by_name = true) order by all"


def _create(connection: "duckdb.DuckDBPyConnection", table: Table, source: str) -> None:
    name = f'marts."{table.name}"'
    connection.execute(f"create table {name} as {source}")
    if table.description:
        connection.execute(f"comment on table {name} is {_quoted(table.description)}")
    for column, description in table.columns.items():
        if description:
            connection.execute(f'comment on column {name}."{column}" is {_quoted(description)}')


def _copy(connection: "duckdb.DuckDBPyConnection", source: str, path: Path) -> None:
    connection.execute(f"copy ({source}) to {_quoted(str(path))} (format parquet)")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _fingerprints(connection: "duckdb.DuckDBPyConnection") -> dict[str, tuple[int, str]]:
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


def _create_publication(
    connection: "duckdb.DuckDBPyConnection",
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


def _settle(path: Path) -> None:
    """Bring a finished file to the disk and make it read-only, as every reader should open it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o444)


def current_snapshot(settings: Settings) -> str | None:
    """The id of the snapshot readers have, if there is one."""
    link = settings.serving_dir / CURRENT
    return link.readlink().name if link.is_symlink() and link.exists() else None


def _switch(serving: Path, building: Path, snapshot_id: str) -> None:
    finished = serving / SNAPSHOTS / snapshot_id
    if finished.exists():
        shutil.rmtree(finished)
    building.rename(finished)
    names = [path.name for path in finished.iterdir()]
    _link(serving / CURRENT, Path(SNAPSHOTS) / snapshot_id)
    for name in names:
        if not (serving / name).is_symlink():
            _link(serving / name, Path(CURRENT) / name)
    for path in serving.iterdir():
        if path.is_symlink() and not path.exists():
            path.unlink()


def _link(link: Path, to: Path) -> None:
    """Point a link somewhere else in one step: whoever follows it arrives at the old or the new."""
    made = link.with_name(f".{link.name}.new")
    made.unlink(missing_ok=True)
    made.symlink_to(to)
    made.replace(link)


def _prune(settings: Settings) -> None:
    """Remove old snapshots but the current one and the one before: readers may still be in it."""
    current = current_snapshot(settings)
    snapshots = (settings.serving_dir / SNAPSHOTS).iterdir()
    others = [path for path in snapshots if path.name != current]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[SNAPSHOTS_KEPT - 1 :]:
        shutil.rmtree(path)
