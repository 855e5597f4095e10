"""Dagster's event log in SQLite, kept open while a command runs.

How fast events are written belongs here. What they say does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import dagster as dg


def keep_open(instance: dg.DagsterInstance) -> None:
    """Let the event log of this instance keep its connections from one event to the next.

    Dagster opens the file anew up to five times an event and words each statement again: of 38 ms
    that a check took in its log, 23 were that. An instance with another storage stays as it is.
    """
    from dagster._core.storage.event_log import SqliteEventLogStorage
    from sqlalchemy import Connection, Engine, create_engine

    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        return
    connect_anew, has_table_now = storage._connect, storage.has_table
    engines: dict[str, Engine] = {}
    tables: set[str] = set()

    def engine_of(shard: str) -> Engine:
        if shard not in engines:
            # The first connection makes the file and its tables.
            with connect_anew(shard):
                pass
            engines[shard] = create_engine(
                storage.conn_string_for_shard(shard), connect_args={"timeout": 60}
            )
        return engines[shard]

    @contextmanager
    def connect(shard: str) -> Iterator[Connection]:
        engine = engine_of(shard)
        with storage._db_lock, engine.begin() as connection:
            yield connection

    def has_table(name: str) -> bool:
        if name not in tables and has_table_now(name):
            tables.add(name)
        return name in tables

    storage._connect = connect
    storage.has_table = has_table


def do_not_wait_for_the_disk(connection: Any, _: Any) -> None:
    """Let SQLite return before its file is on the disk; listens to new connections of any engine.

    Every event is a commit, and a refresh has thousands: waiting for the disk each time took two
    thirds of it. After a power cut the history may be lost, nothing else is kept there.
    """
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("pragma synchronous = off")
