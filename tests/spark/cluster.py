"""A standalone cluster of Spark on loopback: one master, its workers, each a process of its own.

Started from the classes inside pyspark and ended by process id. What runs on it, and what becomes
of that when a worker dies, is the tests' business.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.spark.sessions import write_defaults

STARTS_WITHIN_S = 90.0
# A core and memory for one executor: two of them and a driver fit a small machine.
WORKER_CORES = 1
WORKER_MEMORY = "1g"

# Beside what any small session is set to: a driver and two executors share a small machine.
SIZES = {
    "spark.driver.memory": "1500m",
    "spark.executor.memory": "800m",
    "spark.executor.cores": "1",
    "spark.network.timeout": "60s",
    "spark.executor.heartbeatInterval": "5s",
}


@dataclass
class Cluster:
    """A master, its workers and the folder they write in."""

    folder: Path
    port: int
    master: subprocess.Popen
    workers: list[subprocess.Popen] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What a driver calls the master."""
        return f"spark://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What a driver of this cluster has to know, beside what this process knows."""
        return {
            **os.environ,
            "SPARK_MASTER": self.url,
            "SPARK_CONF_DIR": str(self.folder / "conf"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(self.folder / "scratch"),
        }

    def add_worker(self) -> None:
        """Start one more worker and wait until the master knows it."""
        number = len(self.workers)
        self.workers.append(
            _start(
                self.folder,
                f"worker{number}",
                "org.apache.spark.deploy.worker.Worker",
                *("--host", "127.0.0.1", "--webui-port", "0"),
                *("--cores", str(WORKER_CORES), "--memory", WORKER_MEMORY),
                *("--work-dir", str(self.folder / f"work{number}"), self.url),
            )
        )
        _wait(self.folder / f"worker{number}.log", "Successfully registered with master")

    def kill_worker(self, number: int) -> None:
        """SIGKILL: the worker has no time to say goodbye, and its executor goes with it."""
        self.workers[number].kill()
        self.workers[number].wait()

    def said(self, name: str) -> str:
        """What the master, or a worker, has logged."""
        return (self.folder / f"{name}.log").read_text()


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A running cluster; every process of it has ended afterwards."""
    write_defaults(folder / "conf", SIZES)
    port = free_port()
    master = _start(
        folder,
        "master",
        "org.apache.spark.deploy.master.Master",
        *("--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"),
    )
    running = Cluster(folder, port, master)
    try:
        _wait(folder / "master.log", "I have been elected leader")
        for _ in range(workers):
            running.add_worker()
        yield running
    finally:
        for process in (*running.workers, master):
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _start(folder: Path, name: str, main_class: str, *arguments: str) -> subprocess.Popen:
    import pyspark

    home = Path(pyspark.__file__).parent
    with (folder / f"{name}.log").open("wb") as log:
        # The script gives way to Java: the process started is the one to end.
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), main_class, *arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "SPARK_HOME": str(home),
                "SPARK_LOCAL_IP": "127.0.0.1",
                "SPARK_LOCAL_DIRS": str(folder / "scratch"),
                "SPARK_DAEMON_MEMORY": "200m",
            },
        )


def _wait(log: Path, words: str) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while words not in log.read_text():
        assert time.monotonic() < until, f"{words!r} expected in {log}:\n{log.read_text()[-2000:]}"
        time.sleep(0.2)
