"""dbt inside this process: one call, one command.

How dbt is started, what it may take and how it is left behind belongs here. Which command and what
follows from its result does not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.garbage import collected_seldom
from orchestration.settings import Settings
from orchestration.warehouse import project

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

# How the profile and the sources learn which data folder it is.
DATA_DIR = "WAREHOUSE_DATA_DIR"
# What the engine may take before it works on disk; a refresh leaves room for others.
MEMORY_LIMIT = "DUCKDB_MEMORY_LIMIT"
MOST_MEMORY_MB = 6_000
# How many threads the engine has. Whoever waits for a query works on it too, or looks without pause
# whether others have finished; dbt builds three models at a time (`profiles.yml`).
THREADS = "DUCKDB_THREADS"


def memory_limit() -> str:
    """What `DUCKDB_MEMORY_LIMIT` says, else three fifths of this machine's memory, at most 6 GB."""
    if MEMORY_LIMIT in os.environ:
        return os.environ[MEMORY_LIMIT]
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{min(MOST_MEMORY_MB, physical * 3 // 5 // 1_000_000)}MB"


def threads() -> int:
    """What `DUCKDB_THREADS` says, else one fewer than there are cores, at least one.

    With those who wait, all cores are busy.
    """
    if THREADS in os.environ:
        return int(os.environ[THREADS])
    return max(1, (os.cpu_count() or 1) - 1)


def invoke(
    settings: Settings,
    command: Sequence[str],
    *,
    as_of: datetime | None = None,
    variables: Mapping[str, Any] | None = None,
    manifest: Manifest | None = None,
    on_event: Callable[[EventMsg], None] | None = None,
) -> Any:
    """Run one dbt command inside this process and return its `dbtRunnerResult`.

    dbt's console output is off: callers report. Its log goes to `<data>/dbt/logs`. Neither this log
    nor `on_event` is told of dbt's debug events.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    arguments = [
        *command,
        f"--project-dir={project.DBT_DIR}",
        f"--profiles-dir={project.DBT_DIR}",
        f"--target-path={project.target_dir(settings)}",
        f"--log-path={project.target_dir(settings).with_name('logs')}",
        "--log-level=none",
        "--log-level-file=info",
    ]
    if as_of is not None:
        told = {**project.dbt_vars(settings, as_of), **(variables or {})}
        arguments += ["--vars", json.dumps(told)]
    runner = dbtRunner(manifest=manifest, callbacks=[on_event] if on_event else [])
    before = os.environ.get(DATA_DIR)
    os.environ[DATA_DIR] = str(settings.data_dir)
    os.environ.setdefault(MEMORY_LIMIT, memory_limit())
    os.environ.setdefault(THREADS, str(threads()))
    try:
        with without_debug_events(), collected_seldom():
            return runner.invoke(arguments)
    finally:
        # dbt keeps the file open until the process ends; checks and publishing read it before.
        DuckDBConnectionManager.close_all_connections()
        if before is None:
            del os.environ[DATA_DIR]
        else:
            os.environ[DATA_DIR] = before


@contextmanager
def without_debug_events() -> Iterator[None]:
    """dbt words every event for every listener first, and a build has ten thousand of debugging.

    They are left out before they are worded, by an event manager of our own, for which dbt has a
    place.
    """
    from dbt_common.events import event_manager_client
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager

    class Manager(EventManager):
        def fire_event(self, e: Any, level: Any = None, *rest: Any, **others: Any) -> None:
            if (level or e.level_tag()) != EventLevel.DEBUG:
                super().fire_event(e, level, *rest, **others)

    usual = event_manager_client.get_event_manager()
    event_manager_client.ctx_set_event_manager(Manager())
    try:
        yield
    finally:
        event_manager_client.ctx_set_event_manager(usual)
