"""People who read while others publish: a process that reads serving with every kind of client.

Reading and noting what was seen belongs here. What may be seen is the test's business. The process
reads until its input ends and then prints what it saw as one line of JSON.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

COLUMNS = "snapshot_id, lowest, highest, cells, g"
SQL = f"""
select {COLUMNS}
from marts.publication, marts.dim_network, (
    select min(value) as lowest, max(value) as highest, count(*) as cells from marts.kpi_scorecard
) as scorecard
"""
# The same in three statements of one transaction.
STATEMENTS = (
    "select snapshot_id from marts.publication",
    "select min(value), max(value), count(*) from marts.kpi_scorecard",
    "select g from marts.dim_network",
)

# Six clients share two processors with the publisher.
PAUSE_S = 0.1

Read = Callable[[], tuple]


def of_the_file(serving: Path) -> Read:
    import duckdb

    def read() -> tuple:
        with duckdb.connect(str(serving / "kpi_marts.duckdb"), read_only=True) as connection:
            return connection.execute(SQL).fetchone()

    return read


def of_the_parquet(serving: Path) -> Read:
    """Files are read one by one, so the folder is looked up once."""
    import duckdb

    def read() -> tuple:
        folder = (serving / "current").resolve() / "parquet"
        with duckdb.connect() as connection:
            connection.execute("create schema marts")
            for name in ("publication", "dim_network", "kpi_scorecard"):
                connection.execute(
                    f"create view marts.{name} as select * from '{folder / name}/*.parquet'"
                )
            return connection.execute(SQL).fetchone()

    return read


def by_psycopg(dsn: str) -> Read:
    import psycopg

    connection = psycopg.connect(dsn, autocommit=True)
    return lambda: connection.execute(SQL).fetchone()


def by_psycopg_in_a_transaction(dsn: str) -> Read:
    import psycopg

    connection = psycopg.connect(dsn)

    def read() -> tuple:
        with connection.transaction():
            return sum((connection.execute(sql).fetchone() for sql in STATEMENTS), ())

    return read


def by_sqlalchemy(dsn: str) -> Read:
    import sqlalchemy

    engine = sqlalchemy.create_engine(dsn.replace("postgresql://", "postgresql+psycopg://"))
    repeatable = engine.execution_options(isolation_level="REPEATABLE READ")

    def read() -> tuple:
        with repeatable.connect() as connection:
            rows = [connection.execute(sqlalchemy.text(sql)).one() for sql in STATEMENTS]
        return sum((tuple(row) for row in rows), ())

    return read


def by_adbc(dsn: str) -> Read:
    import adbc_driver_postgresql.dbapi as adbc

    connection = adbc.connect(dsn, autocommit=True)

    def read() -> tuple:
        with connection.cursor() as cursor:
            cursor.execute(SQL)
            [row] = cursor.fetch_arrow_table().to_pylist()
        return tuple(row.values())

    return read


def main(serving: Path, dsn: str) -> None:
    clients = {
        "file": of_the_file(serving),
        "parquet": of_the_parquet(serving),
        "psycopg": by_psycopg(dsn),
        "psycopg in a transaction": by_psycopg_in_a_transaction(dsn),
        "sqlalchemy": by_sqlalchemy(dsn),
        "adbc": by_adbc(dsn),
    }
    stop = threading.Event()
    seen: dict[str, dict[tuple, int]] = {name: {} for name in clients}
    faults: list[str] = []

    def loop(name: str, read: Read) -> None:
        while not stop.is_set():
            try:
                found = read()
            except Exception as error:  # whatever it is, it is what the test looks for
                faults.append(f"{name}: {type(error).__name__}: {error}")
            else:
                seen[name][found] = seen[name].get(found, 0) + 1
            stop.wait(PAUSE_S)

    threads = [threading.Thread(target=loop, args=each) for each in clients.items()]
    for thread in threads:
        thread.start()
    print("reading", flush=True)
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    counted = {
        name: [[*found, times] for found, times in its.items()] for name, its in seen.items()
    }
    print(json.dumps({"seen": counted, "faults": faults}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
