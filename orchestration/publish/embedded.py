"""The embedded store: a folder a snapshot, and one link that says which of them readers have.

Keeping, switching and removing these folders belongs here. What is in one does not, nor does the
other store.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from orchestration.settings import Settings

logger = logging.getLogger(__name__)

SERVING_FILE = "kpi_marts.duckdb"

# Readers may hold their paths for ever: each leads through `current`, the one link a publish moves.
CURRENT = "current"
SNAPSHOTS = "snapshots"

LOCK = ".lock"
BUILDING = ".building-"
REMOVED = ".removed-"
MADE = ".new"


def current_snapshot(settings: Settings) -> str | None:
    """The id of the snapshot readers have, if there is one."""
    link = settings.serving_dir / CURRENT
    return link.readlink().name if link.is_symlink() and link.exists() else None


def snapshot_folder(settings: Settings, snapshot_id: str) -> Path:
    """Where a kept snapshot is."""
    return settings.serving_dir / SNAPSHOTS / snapshot_id


def kept_snapshots(settings: Settings) -> list[str]:
    """Ids of the snapshots that are kept, the one published last first."""
    folder = settings.serving_dir / SNAPSHOTS
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return [path.name for path in sorted(found, key=_published, reverse=True)]


@contextmanager
def one_at_a_time(settings: Settings) -> Iterator[None]:
    """Let nobody else publish or roll back here, and clear away what a killed one left behind.

    The lock is the operating system's: it falls with the process that held it.
    """
    import fcntl

    snapshots = settings.serving_dir / SNAPSHOTS
    snapshots.mkdir(parents=True, exist_ok=True)
    with (settings.serving_dir / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in snapshots.iterdir():
            if path.name.startswith((BUILDING, REMOVED)):
                _delete(path)
        for path in settings.serving_dir.glob(f".*{MADE}"):
            path.unlink()
        yield


@contextmanager
def building(settings: Settings, run_id: str) -> Iterator[Path]:
    """A folder to write a snapshot into. What has not been kept by the end is removed."""
    folder = settings.serving_dir / SNAPSHOTS / f"{BUILDING}{run_id}"
    folder.mkdir()
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def keep(settings: Settings, folder: Path, snapshot_id: str) -> None:
    """Give a finished folder its place; one that has been there all along stays and counts as new.

    The same id is the same content, and who reads it, or has it in PostgreSQL, goes on as before.
    """
    kept = snapshot_folder(settings, snapshot_id)
    if not kept.exists():
        folder.rename(kept)
    os.utime(kept)


def switch(settings: Settings, snapshot_id: str) -> None:
    """Lead readers to a kept snapshot, in one step."""
    serving = settings.serving_dir
    _link(serving / CURRENT, Path(SNAPSHOTS) / snapshot_id)
    for path in snapshot_folder(settings, snapshot_id).iterdir():
        is_hidden = path.name.startswith(".")
        if not is_hidden and not (serving / path.name).is_symlink():
            _link(serving / path.name, Path(CURRENT) / path.name)
    for path in serving.iterdir():
        if path.is_symlink() and not path.exists():
            path.unlink()


def unpublish(settings: Settings) -> None:
    """Lead readers nowhere: what was published first could not be published everywhere."""
    for path in settings.serving_dir.iterdir():
        if path.is_symlink():
            path.unlink()


def remove(settings: Settings, snapshot_id: str) -> None:
    """Remove a snapshot. It leaves the list at once, whatever happens while it is deleted."""
    kept = snapshot_folder(settings, snapshot_id)
    removed = kept.with_name(f"{REMOVED}{snapshot_id}")
    kept.rename(removed)
    _delete(removed)


def prune(settings: Settings) -> None:
    """Remove all but the current snapshot and those that were published last, as many as are kept.

    Readers may still be in the one before, and rolling back needs some.
    """
    current = current_snapshot(settings)
    others = [each for each in kept_snapshots(settings) if each != current]
    for snapshot_id in others[settings.snapshots_kept - 1 :]:
        remove(settings, snapshot_id)


def _delete(folder: Path) -> None:
    """Delete what nobody reads any more. What cannot be deleted now is tried again next time."""
    try:
        rmtree(folder)
    except OSError as error:
        logger.warning("%s stays until the next publish: %s", folder, error)


def _published(folder: Path) -> int:
    """When a folder was published last; rolling back to it is no publication."""
    return folder.stat().st_mtime_ns


def _link(link: Path, to: Path) -> None:
    """Point a link somewhere else in one step: whoever follows it arrives at the old or the new."""
    made = link.with_name(f".{link.name}{MADE}")
    made.symlink_to(to)
    made.replace(link)
