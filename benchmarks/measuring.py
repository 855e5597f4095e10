"""Time and memory of a piece of work, and the file the figures are kept in.

What is measured is in the module of each benchmark, how it is shown in `page`. Work runs in a
process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Measurement:
    """One row of the page.

    `peak_mb` is the peak of resident memory of the working process, or of a process it started.
    """

    benchmark: str
    work: str
    outcome: str
    seconds: float
    peak_mb: float

    def line(self) -> str:
        """The measurement in one line, for a person who waits."""
        memory = f", {self.peak_mb:,.0f} MB" if self.peak_mb else ""
        return f"{self.work}: {self.seconds:,.1f} s{memory}; {self.outcome}"


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
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    status = Path("/proc/self/status")
    if status.exists():
        own = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    else:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return max(own, children)


def results(path: Path = RESULTS) -> dict[str, Any]:
    """Everything that was measured last: small benchmarks by name, the whole job by size."""
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    return {"small": {}, "whole": {}}


def record(measurements: list[Measurement], path: Path = RESULTS) -> None:
    """Keep measurements, in place of earlier ones of the same benchmarks."""
    kept = results(path)
    for name in {each.benchmark for each in measurements}:
        rows = [rounded(each) for each in measurements if each.benchmark == name]
        kept["small"][name] = {**place_and_time(), "rows": rows}
    write_results(kept, path)


def write_results(kept: dict[str, Any], path: Path = RESULTS) -> None:
    """Write what is kept, in an order that makes differences easy to read."""
    ordered = {kind: dict(sorted(kept[kind].items())) for kind in sorted(kept)}
    path.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


def rounded(measurement: Measurement) -> dict[str, Any]:
    """A measurement as it is kept."""
    row = vars(measurement)
    return row | {"seconds": round(row["seconds"], 1), "peak_mb": round(row["peak_mb"])}


def place_and_time() -> dict[str, str]:
    """The day and the machine of a measurement."""
    return {"measured_on": str(datetime.now(UTC).date()), "machine": machine()}


def machine() -> str:
    """Cores and memory, in words."""
    memory = Path("/proc/meminfo")
    size = ""
    if memory.exists():
        kilobytes = int(re.search(r"MemTotal:\s+(\d+)", memory.read_text())[1])
        size = f", {kilobytes / 1024**2:.0f} GB"
    return f"{os.cpu_count()} cores{size}"
