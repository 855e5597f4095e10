"""The PostgreSQL store: a snapshot loaded over Arrow, unseen, and shown by one transaction.

Connecting, loading, switching and removing snapshots belongs here. What the tables and views look
like is in `postgres_schema`. No message of this module may hold the address, which has a password.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from orchestration.errors import PublishError
from orchestration.publish import postgres_schema as schema
from orchestration.publish.postgres_schema import MARTS, READER, STORE, Mart

if TYPE_CHECKING:
    from psycopg import Connection
    from pydantic import SecretStr

CONNECT_S = 10
ROWS_A_BATCH = 50_000

# Whoever publishes holds this lock of the database, so that two never do so at once.
LOCK = 0x6D61727473
LOCK_S = 60

# A lock on what readers use is asked for this long, because new readers queue behind the question.
# It is well under a second, after which PostgreSQL would look for a deadlock and end a reader.
ASKING_MS = 200
PAUSE_S = 0.1
# Other columns need such a lock, and are worth waiting for; removing what is old can be done later.
PATIENCE_S = 60.0
PRUNING_PATIENCE_S = 2.0


class Server:
    """A connection that publishes to one database."""

    def __init__(self, dsn: SecretStr) -> None:
        self._dsn = dsn

    def __enter__(self) -> Self:
        """Connect, wait for one's turn, and remove what a killed publish left.

        Raises:
            PublishError: the database cannot be reached or does not let us publish.
        """
        with self._worded("cannot be reached or used"):
            self._connection = self._connected()
            self._connection.autocommit = True
        try:
            with self._worded("cannot be prepared"):
                self._prepare()
        except BaseException:
            self._connection.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the connection back; what was loaded and not published goes."""
        import psycopg

        if error is not None:
            # What cannot be removed now is removed before the next publish.
            with suppress(psycopg.Error):
                self._clear()
        self._connection.close()

    def current(self) -> str | None:
        """The id of the snapshot readers of this database have, if there is one."""
        with self._worded("cannot be read"):
            return _current(self._connection)

    def shown(self) -> str | None:
        """The same over a connection of its own, for whoever only asks: not in turn, read-only.

        Raises:
            PublishError: the database cannot be reached or read.
        """
        with self._worded("cannot be reached or read", ""), self._connected() as connection:
            connection.read_only = True
            [(there,)] = connection.execute(f"select to_regclass('{STORE}.current')")
            return None if there is None else _current(connection)

    def load(self, file: Path, snapshot_id: str) -> None:
        """Bring a snapshot's file into a schema of its own, where no reader looks yet.

        Only a snapshot that was published before is known to be whole. What a killed publish left
        of another, and a reader's open transaction keeps from being removed, is loaded anew.
        """
        import duckdb

        with (
            self._worded("does not take the snapshot"),
            duckdb.connect(str(file), read_only=True) as source,
        ):
            marts = schema.described(source)
            there = self._connection.execute(
                f"select shape, published_at from {STORE}.snapshots where snapshot_id = %s",
                [snapshot_id],
            ).fetchone()
            if there is None:
                self._make(snapshot_id, marts)
            elif there[1] is not None:
                return
            else:
                self._empty(snapshot_id, there[0], marts)
            self._copy(source, snapshot_id, marts)

    @contextmanager
    def switching(self, snapshot_id: str, is_published: bool) -> Iterator[None]:
        """Show a loaded snapshot to readers when the block ends; nothing changes if it fails.

        Args:
            snapshot_id: a snapshot that is loaded.
            is_published: whether it is published, which makes it the newest; else rolled back to.
        """
        with self._worded("was not switched"), self._connection.transaction():
            number, shape, kept = self._connection.execute(
                f"select number, shape, marts from {STORE}.snapshots where snapshot_id = %s",
                [snapshot_id],
            ).fetchone()
            marts = schema.from_json(kept)
            words = schema.words_of(marts)
            before = self._connection.execute(
                f"select shape, words from {STORE}.current"
            ).fetchone() or (None, None)
            if before[0] != shape:
                self._replace_views(shape, marts)
            if before != (shape, words):
                self._connection.execute(schema.comment_statements(marts))
            self._connection.execute(
                f"""
                insert into {STORE}.current (number, shape, words) values (%s, %s, %s)
                on conflict (is_current) do update
                set number = excluded.number, shape = excluded.shape, words = excluded.words
                """,
                [number, shape, words],
            )
            self._connection.execute(
                f"""
                update {STORE}.snapshots set published_at = clock_timestamp()
                where number = %s and (%s or published_at is null)
                """,
                [number, is_published],
            )
            yield

    def prune(self, kept: int) -> None:
        """Remove all but the current snapshot and those published last.

        One that a reader's open transaction may still need stays until the next time.
        """
        with self._worded("does not let go of old snapshots", ""):
            old = self._connection.execute(
                f"""
                select snapshot_id, shape from {STORE}.snapshots
                where number <> (select number from {STORE}.current)
                order by published_at desc offset %s
                """,
                [kept - 1],
            ).fetchall()
            for snapshot_id, shape in old:
                self._drop(snapshot_id, shape)

    def _connected(self) -> Connection[Any]:
        import psycopg

        return psycopg.connect(
            self._dsn.get_secret_value(),
            connect_timeout=CONNECT_S,
            application_name="warehouse publishing",
        )

    def _prepare(self) -> None:
        from psycopg.errors import InsufficientPrivilege
        from psycopg.sql import SQL, Identifier

        run = self._connection.execute
        run(f"set lock_timeout = '{LOCK_S}s'; set statement_timeout = 0")
        run("set client_min_messages = warning")
        run("select pg_advisory_lock(%s)", [LOCK])
        with self._connection.transaction():
            run(schema.STORE_SQL)
            run(SQL("create schema if not exists {}").format(Identifier(MARTS)))
        if not run("select 1 from pg_roles where rolname = %s", [READER]).fetchone():
            try:
                run(SQL("create role {} nologin").format(Identifier(READER)))
            except InsufficientPrivilege:
                raise PublishError(
                    f"PostgreSQL has no role {READER}, and the user of SERVING_POSTGRES_DSN may "
                    f"not make it. Let an administrator run: create role {READER} nologin"
                ) from None
        self._clear()

    def _clear(self) -> None:
        """Remove what was loaded and never published."""
        left = self._connection.execute(
            f"select snapshot_id, shape from {STORE}.snapshots where published_at is null"
        ).fetchall()
        for snapshot_id, shape in left:
            self._drop(snapshot_id, shape)

    def _make(self, snapshot_id: str, marts: list[Mart]) -> None:
        shape = schema.shape_of(marts)
        with self._connection.transaction():
            [(number,)] = self._connection.execute(
                f"insert into {STORE}.snapshots (snapshot_id, shape, marts) values (%s, %s, %s) "
                "returning number",
                [snapshot_id, shape, schema.as_json(marts)],
            )
            if not self._connection.execute("select to_regnamespace(%s)", [shape]).fetchone()[0]:
                self._connection.execute(schema.shape_statements(shape, marts))
            self._connection.execute(schema.snapshot_statements(shape, snapshot_id, number, marts))

    def _empty(self, snapshot_id: str, shape: str, marts: list[Mart]) -> None:
        """Empty the tables of a snapshot that was never published; no reader is waited for.

        The lock waits for a copy that the server is still at the end of, and for nobody else.

        Raises:
            PublishError: these tables have other columns, and cannot be removed now.
        """
        from psycopg.sql import SQL, Identifier

        if shape != schema.shape_of(marts):
            raise PublishError(
                "PostgreSQL: what was left of this snapshot has other columns, and open "
                f"transactions keep it from being removed: {self._readers()}. End them and publish "
                "again."
            )
        tables = [Identifier(schema.schema_of(snapshot_id), mart.name) for mart in marts]
        with self._connection.transaction():
            self._connection.execute(
                SQL("lock table {} in share row exclusive mode").format(SQL(", ").join(tables))
            )
            for table in tables:
                self._connection.execute(SQL("delete from {}").format(table))

    def _copy(self, source: Any, snapshot_id: str, marts: list[Mart]) -> None:
        import adbc_driver_postgresql.dbapi as adbc
        from psycopg.sql import SQL, Identifier

        its_schema = schema.schema_of(snapshot_id)
        with adbc.connect(self._dsn.get_secret_value()) as bulk, bulk.cursor() as cursor:
            for mart in marts:
                rows = source.execute(schema.select(source, mart)).to_arrow_reader(ROWS_A_BATCH)
                cursor.adbc_ingest(mart.name, rows, mode="append", db_schema_name=its_schema)
            bulk.commit()
        self._connection.execute(
            SQL("analyze {}").format(
                SQL(", ").join(Identifier(its_schema, mart.name) for mart in marts)
            )
        )

    def _replace_views(self, shape: str, marts: list[Mart]) -> None:
        """Show other columns. Readers that have looked at the old ones are waited for."""
        shown: dict[str, dict[str, str]] = {}
        for view, column, type_ in self._connection.execute(
            """
            select pg_class.relname, attname, format_type(atttypid, atttypmod)
            from pg_attribute inner join pg_class on pg_class.oid = attrelid
            where relnamespace = to_regnamespace(%s) and relkind = 'v' and attnum > 0
            order by pg_class.relname, attnum
            """,
            [MARTS],
        ).fetchall():
            shown.setdefault(view, {})[column] = type_
        views = [f'{MARTS}."{name}"' for name in shown]

        def lock() -> None:
            if views:
                self._connection.execute(f"lock table {', '.join(views)}")

        if not self._locked(lock, PATIENCE_S):
            raise PublishError(
                "PostgreSQL: the marts have other columns than before, and open transactions still "
                f"read the old ones: {self._readers()}. End them and publish again."
            )
        self._connection.execute(schema.view_statements(shape, marts, shown))

    def _drop(self, snapshot_id: str, shape: str) -> None:
        from psycopg.sql import SQL, Identifier

        run = self._connection.execute
        tables = run(
            "select relname from pg_class where relnamespace = to_regnamespace(%s) "
            "and relkind = 'p' order by relname",
            [shape],
        ).fetchall()

        def lock() -> None:
            parents = SQL(", ").join(Identifier(shape, name) for (name,) in tables)
            run(SQL("lock table only {}").format(parents))

        with self._connection.transaction():
            if not self._locked(lock, PRUNING_PATIENCE_S):
                return
            run(SQL("drop schema {} cascade").format(Identifier(schema.schema_of(snapshot_id))))
            run(f"delete from {STORE}.snapshots where snapshot_id = %s", [snapshot_id])
            if not run(f"select 1 from {STORE}.snapshots where shape = %s", [shape]).fetchone():
                run(SQL("drop schema {} cascade").format(Identifier(shape)))

    def _locked(self, lock: Callable[[], None], patience_s: float) -> bool:
        """Get a lock on what readers use, asking for it again and again, never for long."""
        from psycopg.errors import LockNotAvailable, QueryCanceled

        until = time.monotonic() + patience_s
        while True:
            try:
                with self._connection.transaction():
                    self._connection.execute(f"set local statement_timeout = {ASKING_MS}")
                    lock()
                    self._connection.execute("set local statement_timeout = 0")
                return True
            except (LockNotAvailable, QueryCanceled):
                if time.monotonic() > until:
                    return False
                time.sleep(PAUSE_S)

    def _readers(self) -> str:
        found = self._connection.execute(
            """
            select distinct activity.pid, activity.usename, activity.application_name
            from pg_stat_activity as activity
            inner join pg_locks as locks on locks.pid = activity.pid
            inner join pg_class on pg_class.oid = locks.relation
            where relnamespace = to_regnamespace(%s) and activity.pid <> pg_backend_pid()
            order by activity.pid
            """,
            [MARTS],
        ).fetchall()
        return ", ".join(f"process {pid} of {user} ({name})" for pid, user, name in found)

    @contextmanager
    def _worded(
        self, what: str, outcome: str = "; readers still have what they had"
    ) -> Iterator[None]:
        """Turn what the drivers say into an error of ours, without the password."""
        import adbc_driver_manager
        import psycopg

        try:
            yield
        except (psycopg.Error, adbc_driver_manager.Error) as error:
            said = self._without_secrets(str(error))
            behind: BaseException | None = error
            while behind is not None:
                behind.args = (self._without_secrets(str(behind)),)
                behind = behind.__cause__ or behind.__context__
            raise PublishError(
                f"The PostgreSQL database of SERVING_POSTGRES_DSN {what}{outcome}. {said}"
            ) from None

    def _without_secrets(self, text: str) -> str:
        dsn = self._dsn.get_secret_value()
        parts = urlsplit(dsn)
        secrets = [value for name, value in parse_qsl(parts.query) if "password" in name]
        secrets += [dsn, parts.password or ""]
        for secret in filter(None, [*secrets, *map(unquote, secrets)]):
            text = text.replace(secret, "***")
        return text.strip()


def _current(connection: Connection[Any]) -> str | None:
    found = connection.execute(
        f"select snapshot_id from {STORE}.current inner join {STORE}.snapshots using (number)"
    ).fetchone()
    return found[0] if found else None
