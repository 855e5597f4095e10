"""Time and memory of a piece of work, and the page the figures go to.

What is measured is in the module of each benchmark. Work runs in a process of its own, so that its
peak of memory is its own.
"""

from __future__ import annotations

import multiprocessing
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("results.md")
HEADER = """\
# Benchmarks

Written by `make bench`, or `python -m benchmarks <name>`; the rows of a benchmark are replaced when
it is measured again. Figures are of one run on a machine with {machine}, shared with
other work: read them as orders of magnitude. Each step ran in a process of its own.

Business time is held against a count of every minute of a wait in Python's own time zones. First
replies are held against a loop over the same messages and events; it is faster because it keeps
everything in memory and writes nothing, and it answers one question where the models answer all.

| benchmark | work | outcome | seconds | peak memory | measured on |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Measurement:
    """One row of the page. `peak_mb` is the peak of resident memory of the working process."""

    benchmark: str
    work: str
    outcome: str
    seconds: float
    peak_mb: float

    def row(self) -> str:
        """The measurement as a line of the page's table."""
        memory = f"{self.peak_mb:,.0f} MB" if self.peak_mb else ""
        today = datetime.now(UTC).date()
        return (
            f"| {self.benchmark} | {self.work} | {self.outcome} | {self.seconds:,.1f} | {memory} "
            f"| {today} |"
        )


def apart(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float, float]:
    """Call a function in a fresh process.

    Returns:
        What it returned, its seconds without the start of the process, its peak memory in MB.

    Raises:
        RuntimeError: it raised, or the process died.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, function, arguments))
    process.start()
    sender.close()
    try:
        kind, *told = receiver.recv()
    except EOFError:
        raise RuntimeError(f"{function.__name__} died, perhaps for want of memory") from None
    finally:
        process.join()
    if kind == "error":
        raise RuntimeError(f"{function.__name__} failed:\n{told[0]}")
    return tuple(told)


def _work(sender: Any, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    import traceback

    started = time.perf_counter()
    try:
        result = function(*arguments)
        sender.send(("done", result, time.perf_counter() - started, _peak_mb()))
    except Exception:
        sender.send(("error", traceback.format_exc()))


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def record(measurements: list[Measurement], page: Path = PAGE) -> None:
    """Put the rows on the page, in place of earlier rows of the same benchmark."""
    benchmarks = {measurement.benchmark for measurement in measurements}
    old = page.read_text(encoding="utf-8").splitlines() if page.exists() else []
    kept = [
        line
        for line in old
        if re.match(r"\| (?!benchmark )[a-z_]+ \|", line)
        and line.split(" | ")[0][2:] not in benchmarks
    ]
    rows = sorted([*kept, *(m.row() for m in measurements)], key=lambda line: line.split(" | ")[0])
    page.write_text(HEADER.format(machine=_machine()) + "\n".join(rows) + "\n", encoding="utf-8")


def _machine() -> str:
    import os

    memory = Path("/proc/meminfo")
    size = ""
    if memory.exists():
        kilobytes = int(re.search(r"MemTotal:\s+(\d+)", memory.read_text())[1])
        size = f" and {kilobytes / 1024**2:.0f} GB of memory"
    return f"{os.cpu_count()} cores{size}"
