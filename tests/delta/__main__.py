"""Tries a part of the graph: built in steps from a scattered lake, beside built at once.

`python -m tests.delta --lake <folder> --work <folder> [--select <dbt selection>] [--seed 1]` prints
the tables that differ. Tests use the same functions; this is for whoever teaches a model to
recompute.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.warehouse import parsing
from tests.delta.building import Builder, Workshop
from tests.delta.scatter import Scattering, differences

AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)


def main() -> int:
    """Build both ways and compare; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.delta", description=__doc__)
    parser.add_argument("--lake", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--select", nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep-whole", action="store_true", help="compare with the last whole build"
    )
    options = parser.parse_args()
    builder = Builder(Workshop(options.work / "steps", parsing.parse), options.lake, options.select)
    started = time.perf_counter()
    scattering = Scattering(options.seed)
    last = len(scattering.shares) - 1
    for step in range(last + 1):
        as_of = AS_OF - timedelta(days=9 * (last - step))
        told = builder.step(scattering, step, as_of)
        print(f"step {step}: {told} ({time.perf_counter() - started:.0f} s)", flush=True)
    steps = shutil.move(builder.warehouse, options.work / "steps.duckdb")
    whole = options.work / "whole.duckdb"
    if not (options.keep_whole and whole.exists()):
        builder.whole(AS_OF, whole)
        print(f"whole ({time.perf_counter() - started:.0f} s)", flush=True)
    found = differences(steps, whole)
    for table, rows in found.items():
        print(f"DIFFERS {table}")
        for row in rows:
            print(f"    {row[:1500]}")
    print(f"{len(found)} tables differ")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
