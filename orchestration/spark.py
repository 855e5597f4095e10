"""The models built on Spark: dbt in this process, and an end to waiting for a lost cluster.

Whether the master answers, whether anybody is left to work, and the one dbt command belong here.
How Spark is set for our models is the profile's, what differs in SQL `macros/engine/`'s; nothing
here extracts, checks or publishes.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from orchestration.errors import WarehouseError

DBT_DIR = Path(__file__).resolve().parent.parent / "dbt_project"

# Where the work goes, and for how long nobody may be there to do it.
MASTER = "SPARK_MASTER"
PATIENCE = "SPARK_PATIENCE_S"
DEFAULT_PATIENCE_S = 120.0
# Clusters that grow on demand need longer for the first executor than for another one.
PATIENCE_AT_FIRST = 5
SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_TO_ANSWER = 10.0


class SparkError(WarehouseError):
    """The cluster does not answer or lost everybody who worked. Serving is as it was."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build seeds and models on Spark; 0 done, 1 failed."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.spark", description=__doc__)
    parser.add_argument("--vars", type=json.loads, default={}, help="dbt's variables, as JSON")
    parser.add_argument("--select", nargs="+", default=[], help="nodes, in dbt's words")
    parser.add_argument("--target-path", default="target", help="where dbt keeps what it compiles")
    chosen = parser.parse_args(arguments)
    try:
        build(chosen.vars, select=chosen.select, target_path=chosen.target_path)
    except SparkError as error:
        print(f"Not built: {error}", file=sys.stderr, flush=True)
        return 1
    print("Built on Spark.", flush=True)
    return 0


def build(variables: dict[str, Any], *, select: Sequence[str], target_path: str) -> None:
    """Run `dbt build --target spark` without tests, watched.

    The first failure ends the run: on a cluster the models after it would wait as long again.

    Raises:
        SparkError: no master, nobody left to work, or a model that Spark refused.
    """
    master = os.environ.get(MASTER, "local[*]")
    patience_s = float(os.environ.get(PATIENCE, DEFAULT_PATIENCE_S))
    ask(master)

    from dbt.cli.main import dbtRunner

    command = [
        *("build", "--target", "spark", "--fail-fast"),
        *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
        *("--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR)),
        *("--target-path", target_path, "--log-path", target_path),
        *("--no-use-colors", "--vars", json.dumps(variables)),
    ]
    if select:
        command += ["--select", *select]
    with Watch(master, patience_s) as watch:
        outcome = dbtRunner().invoke(command)
    if watch.given_up:
        raise SparkError(
            f"expected executors at {master}, found none for {watch.waited_s:g} s: its workers "
            "are gone, or have no free core or memory for this application. Nothing was published. "
            f"Start workers and run again; {PATIENCE} says how long to wait for them."
        )
    if outcome.exception:
        raise SparkError(str(outcome.exception)) from outcome.exception
    if not outcome.success:
        failed = [done for done in outcome.result.results if str(done.status) == "error"]
        words = [f"{done.node.name}: {str(done.message).strip()[:300]}" for done in failed]
        raise SparkError("\n".join(words) or "dbt says why above.")


def ask(master: str) -> None:
    """Knock at the masters of a standalone cluster; other kinds of clusters answer for themselves.

    Raises:
        SparkError: none of them takes a connection.
    """
    if not master.startswith("spark://"):
        return
    refused = []
    for place in master.removeprefix("spark://").split(","):
        address = urlsplit(f"spark://{place}")
        try:
            socket.create_connection(
                (address.hostname, address.port or 7077), SECONDS_TO_ANSWER
            ).close()
        except OSError as error:
            refused.append(f"{place}: {error}")
        else:
            return
    raise SparkError(
        f"{MASTER}: expected the master of a standalone cluster, found nobody "
        f"({'; '.join(refused)}). Start it, or correct the address."
    )


class Watch:
    """Cancels what runs on Spark once nobody has been there to run it for too long.

    Spark itself waits for workers for ever, and no setting of it ends that.
    """

    def __init__(
        self, master: str, patience_s: float, executors: Callable[[], int | None] | None = None
    ) -> None:
        self.given_up = False
        self.waited_s = 0.0
        self._patience_s = patience_s
        self._executors = executors or executors_of_this_process
        self._over = threading.Event()
        self._needed = not master.startswith("local")
        self._thread = threading.Thread(target=self._look, name="spark-watch", daemon=True)

    def __enter__(self) -> Watch:
        if self._needed:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._needed:
            self._thread.join()

    def _look(self) -> None:
        alone_s, allowed_s = 0.0, self._patience_s * PATIENCE_AT_FIRST
        while not self._over.wait(SECONDS_BETWEEN_LOOKS):
            executors = self._executors()
            if executors:
                allowed_s = self._patience_s
            alone_s = alone_s + SECONDS_BETWEEN_LOOKS if executors == 0 else 0.0
            if alone_s >= allowed_s:
                self.given_up, self.waited_s = True, alone_s
                cancel_everything()


def executors_of_this_process() -> int | None:
    """How many executors work for this process's Spark; None while it has no Spark."""
    # While a session begins or ends, its context has no counterpart in Java.
    java = getattr(_context(), "_jsc", None)
    if java is None:
        return None
    # The driver is in the list as well.
    return java.sc().getExecutorMemoryStatus().size() - 1


def cancel_everything() -> None:
    """End the statements that wait, so that dbt hears of it."""
    java = getattr(_context(), "_jsc", None)
    if java is not None:
        java.sc().cancelAllJobs()


def _context() -> Any | None:
    from pyspark import SparkContext

    return SparkContext._active_spark_context


if __name__ == "__main__":
    sys.exit(main())
