"""The whole graph on a cluster of two workers, with everything dying in it that can die.

What a run leaves when its driver, a worker or all of them are killed, and that the numbers are
DuckDB's nevertheless. Single models are `parity.py`'s business.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import spark
from tests.spark.cluster import Cluster, cluster, free_port
from tests.spark.comparing import difference

PROJECT = Path(__file__).resolve().parents[2]
# Enough of the graph done that shuffles are on the worker's disk, enough left to lose them in.
DRIVER_DIES_AFTER = 12
WORKER_DIES_AFTER = 120
A_WHOLE_BUILD_S = 1800.0
# Five times as long for the first executor: a busy machine needs more than a minute.
PATIENCE_S = 30


class Build:
    """`python -m orchestration.spark` as a process of its own, and what it has said so far."""

    def __init__(self, running: Cluster, world: Any, tables: Path, *arguments: str) -> None:
        self.log = running.folder / f"build{time.monotonic_ns()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "orchestration.spark"),
                    *("--vars", json.dumps(world.variables)),
                    *("--target-path", str(running.folder / "target"), *arguments),
                ],
                cwd=PROJECT,
                env={
                    **running.environment(),
                    "WAREHOUSE_DATA_DIR": str(world.data_dir),
                    "SPARK_TABLES_DIR": str(tables),
                    "SPARK_PATIENCE_S": str(PATIENCE_S),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_tables(self, wanted: int) -> None:
        """Until so many seeds and models are there, which must happen before the end."""
        until = time.monotonic() + A_WHOLE_BUILD_S
        while len(re.findall(r"\d+ of \d+ OK", self.said())) < wanted:
            assert self.process.poll() is None, self.said()[-4000:]
            assert time.monotonic() < until, self.said()[-4000:]
            time.sleep(0.2)

    def kill(self) -> None:
        """SIGKILL to the driver: its Python and its Java have no time to say goodbye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), workers=2) as started:
        yield started


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def listing(folder: Path, without: Path) -> dict[str, tuple[int, int]]:
    """Every file → its size and when it was written."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and without not in path.parents
    }


@pytest.fixture(scope="module")
def killed(running: Cluster, world: Any, tables: Path) -> dict[str, Any]:
    """What a run that was killed with its first tables written left behind."""
    before = listing(world.data_dir, tables)
    first = Build(running, world, tables)
    first.wait_for_tables(DRIVER_DIES_AFTER)
    first.kill()
    return {"before": before, "after": listing(world.data_dir, tables)}


@pytest.fixture(scope="module")
def rebuilt(running: Cluster, world: Any, tables: Path, killed: dict[str, Any]) -> Build:
    """The run after it, in the same place; one of its two workers is killed in the middle."""
    second = Build(running, world, tables)
    second.wait_for_tables(WORKER_DIES_AFTER)
    running.kill_worker(0)
    second.process.wait(A_WHOLE_BUILD_S)
    return second


def test_a_killed_driver_touches_nothing_that_is_read(killed: dict[str, Any]) -> None:
    assert killed["before"]
    assert killed["after"] == killed["before"]


def test_the_run_after_a_killed_one_ends_without_the_worker_it_lost(
    running: Cluster, rebuilt: Build
) -> None:
    assert rebuilt.process.returncode == 0, rebuilt.said()[-4000:]
    assert "Built on Spark." in rebuilt.said()
    assert re.search(r"Lost executor \d+", rebuilt.said())
    assert "Removing worker" in running.said("master")


def test_every_fact_and_mart_is_what_duckdb_says(world: Any, tables: Path, rebuilt: Build) -> None:
    assert rebuilt.process.returncode == 0, rebuilt.said()[-4000:]
    with duckdb.connect() as session:
        session.execute("set TimeZone = 'UTC'")
        session.execute(f"attach '{world.data_dir}/warehouse.duckdb' as warehouse (read_only)")
        marts = session.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'warehouse' and schema_name in ('core', 'kpi') order by all"
        ).fetchall()
        assert len(marts) > 100
        wrong = {}
        for schema, name in marts:
            found = difference(
                session,
                f'warehouse."{schema}"."{name}"',
                f"read_parquet('{tables}/{schema}/{name}/*.parquet')",
            )
            if found is not None:
                wrong[f"{schema}.{name}"] = str(found)
    assert wrong == {}


def test_losing_every_worker_ends_with_words_and_in_time(
    running: Cluster, world: Any, tables: Path, rebuilt: Build
) -> None:
    last = Build(running, world, tables, "--select", "resource_type:seed")
    last.wait_for_tables(3)
    running.kill_worker(1)
    lost_at = time.monotonic()
    try:
        last.process.wait(PATIENCE_S + 120)
    finally:
        if last.process.poll() is None:
            last.kill()
    assert last.process.returncode == 1
    waited = re.search(r"found none for (\d+) s: its workers are gone", last.said())
    assert PATIENCE_S <= int(waited[1]) < 2 * PATIENCE_S
    assert "Nothing was published" in last.said()
    assert time.monotonic() - lost_at < PATIENCE_S + 120


def test_a_master_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    place = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("SPARK_MASTER", f"spark://{place}")
    begun = time.monotonic()
    with pytest.raises(spark.SparkError, match=f"SPARK_MASTER: .*{re.escape(place)}"):
        spark.build({}, select=(), target_path="unused")
    assert time.monotonic() - begun < 30


def test_a_second_master_may_answer_for_the_first() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        spark.ask(f"spark://127.0.0.1:{free_port()},127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("master", "seen", "given_up"),
    [
        ("spark://h:7077", [2, 0, 0, 0, 0, 0], True),
        ("spark://h:7077", [0] * 60, True),
        # The first executor may take longer than another one.
        ("spark://h:7077", [0] * 6, False),
        # Workers that come back in time, and a session that is not there yet, are no reason to end.
        ("spark://h:7077", [0, 1, 0, 1, 0, 1], False),
        ("spark://h:7077", [None] * 6, False),
        ("local[2]", [0] * 6, False),
    ],
)
def test_patience_is_lost_only_when_nobody_came_all_the_while(
    master: str, seen: list, given_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(spark, "cancel_everything", lambda: None)
    answers = iter(seen)
    with spark.Watch(master, 0.03, lambda: next(answers, 1)) as watch:
        time.sleep(0.3)
    assert watch.given_up is given_up


def test_a_session_that_is_just_beginning_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Beginning:
        """A context before its counterpart in Java is there."""

    monkeypatch.setattr(spark, "_context", Beginning)
    assert spark.executors_of_this_process() is None
    spark.cancel_everything()
