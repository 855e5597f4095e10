"""Publishing and rolling back over all stores together: readers of each get the same snapshot.

The order of things belongs here: write, load, switch, prune, and what is undone after a failure.
How a store does any of it is in `embedded` and `postgres`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import PublishError
from orchestration.publish import embedded
from orchestration.publish.content import write
from orchestration.publish.embedded import SERVING_FILE, current_snapshot
from orchestration.publish.provenance import Run
from orchestration.publish.tables import Table
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.publish.postgres import Server

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """A published snapshot: its id, rows per table, the stores, and whether readers were switched.

    A snapshot is new where at least one store had another one before.
    """

    snapshot_id: str
    rows: Mapping[str, int]
    is_new: bool
    stores: tuple[str, ...] = ("DuckDB",)


@dataclass(frozen=True)
class Kept:
    """A snapshot that can be rolled back to. Instants are UTC, without a zone."""

    snapshot_id: str
    is_current: bool
    as_of_at: datetime
    published_at: datetime
    run_id: str
    code_version: str
    size: int


def publish(settings: Settings, tables: Sequence[Table], run: Run) -> Snapshot:
    """Write a complete snapshot of the tables and switch readers to it.

    A snapshot's id is a digest of what is in it. Where serving already has exactly that, nothing is
    switched and not a byte of serving changes.

    Raises:
        PublishError: the snapshot could not be written; serving is as it was.
    """
    if not settings.warehouse_path.is_file():
        raise PublishError(
            f"There is no warehouse at {settings.warehouse_path}: build the models first."
        )
    with _worded("The snapshot could not be written"), embedded.one_at_a_time(settings):
        with _server(settings) as server, embedded.building(settings, run.run_id) as folder:
            current = current_snapshot(settings)
            before = embedded.snapshot_folder(settings, current) if current else None
            snapshot_id, rows = write(settings, tables, run, folder, before)
            is_new = _has_another(settings, server, snapshot_id)
            if is_new:
                _switch(settings, server, snapshot_id, folder)
                _prune(settings, server)
        return Snapshot(snapshot_id, rows, is_new, _stores(settings))


def rollback(settings: Settings, snapshot_id: str | None = None) -> Snapshot:
    """Switch readers to a kept snapshot: the one named, else the one published before the current.

    Raises:
        PublishError: there is no such snapshot, or a store could not be switched; serving is as it
            was.
    """
    with _worded("Nothing was rolled back"), embedded.one_at_a_time(settings):
        target = snapshot_id or _before_current(settings)
        if target not in embedded.kept_snapshots(settings):
            raise PublishError(
                f"There is no snapshot {target} in {settings.serving_dir}. `make snapshots` lists "
                "those that are kept."
            )
        with _server(settings) as server:
            is_new = _has_another(settings, server, target)
            if is_new:
                _switch(settings, server, target)
        return Snapshot(target, {}, is_new, _stores(settings))


def snapshots(settings: Settings) -> list[Kept]:
    """The snapshots that are kept, the one published last first."""
    current = current_snapshot(settings)
    with _worded("The snapshots could not be listed"):
        return [
            _described(embedded.snapshot_folder(settings, each), each == current)
            for each in embedded.kept_snapshots(settings)
        ]


def shown_by_postgres(settings: Settings) -> str | None:
    """The id of the snapshot that readers of the database have.

    Raises:
        PublishError: the database cannot be reached.
    """
    server = _server(settings)
    return None if isinstance(server, nullcontext) else server.shown()


def _before_current(settings: Settings) -> str:
    kept, current = embedded.kept_snapshots(settings), current_snapshot(settings)
    before = kept[kept.index(current) + 1 :] if current in kept else kept
    if not before:
        raise PublishError(
            "There is no earlier snapshot to roll back to. `make snapshots` lists those that are "
            "kept, and WAREHOUSE_SNAPSHOTS_KEPT says how many."
        )
    return before[0]


def _has_another(settings: Settings, server: Server | None, snapshot_id: str) -> bool:
    """Whether readers of any store have another snapshot than this."""
    elsewhere = server is not None and server.current() != snapshot_id
    return elsewhere or current_snapshot(settings) != snapshot_id


def _switch(
    settings: Settings, server: Server | None, snapshot_id: str, built: Path | None = None
) -> None:
    """Switch every store, or none.

    The database is given everything before, unseen; its one transaction is still open while the
    link moves. What is left to fail then is the commit, after which the link moves back. A process
    that is killed between the two leaves one store a snapshot behind; the next publish or rollback
    finds that out and switches it.
    """
    before, was_kept = current_snapshot(settings), embedded.kept_snapshots(settings)
    kept = embedded.snapshot_folder(settings, snapshot_id)
    folder = kept if built is None or kept.exists() else built
    if server is not None:
        server.load(folder / SERVING_FILE, snapshot_id)
    try:
        is_published = built is not None
        with server.switching(snapshot_id, is_published) if server else nullcontext():
            if built is not None:
                embedded.keep(settings, built, snapshot_id)
            embedded.switch(settings, snapshot_id)
    except BaseException:
        if before is None:
            embedded.unpublish(settings)
        else:
            embedded.switch(settings, before)
        if snapshot_id not in was_kept and kept.exists():
            embedded.remove(settings, snapshot_id)
        raise


def _prune(settings: Settings, server: Server | None) -> None:
    """Remove what is kept no longer. Readers have the new snapshot, so a failure is only told."""
    try:
        embedded.prune(settings)
    except OSError as error:
        logger.warning("An old snapshot stays until the next publish: %s", error)
    if server is not None:
        try:
            server.prune(settings.snapshots_kept)
        except PublishError as error:
            logger.warning("An old snapshot stays until the next publish: %s", error)


def _server(settings: Settings) -> Server | nullcontext[None]:
    if settings.serving_postgres_dsn is None:
        return nullcontext()
    from orchestration.publish.postgres import Server

    return Server(settings.serving_postgres_dsn)


def _stores(settings: Settings) -> tuple[str, ...]:
    return ("DuckDB",) if settings.serving_postgres_dsn is None else ("DuckDB", "PostgreSQL")


def _described(folder: Path, is_current: bool) -> Kept:
    import duckdb

    with duckdb.connect(str(folder / SERVING_FILE), read_only=True) as connection:
        found = connection.execute(
            "select snapshot_id, as_of_at, published_at, run_id, code_version "
            "from marts.publication"
        ).fetchone()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    snapshot_id, as_of_at, published_at, run_id, code = found
    return Kept(snapshot_id, is_current, as_of_at, published_at, run_id, code, size)


@contextmanager
def _worded(what: str) -> Iterator[None]:
    """Turn what the file system and DuckDB say into an error of ours."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        # DuckDB's own advice is about settings that nobody here can reach.
        [said, *_] = str(error).splitlines()
        advice = "Give it more with DUCKDB_MEMORY_LIMIT (such as 8GB); serving is as it was."
        raise PublishError(f"{what}: {said}. {advice}") from error
    except (duckdb.Error, OSError) as error:
        raise PublishError(f"{what}: {error}") from error
