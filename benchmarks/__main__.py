"""Command line of the benchmarks.

Reads arguments and calls; what is measured lives in the modules named after the benchmarks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import business_time, extraction, measuring, models, simulator, web

BENCHMARKS = {
    "business_time": business_time.run,
    "simulator": simulator.run,
    "extraction": extraction.run,
    "models": models.run,
    "web": web.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Run benchmarks; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument(
        "--scale", type=float, default=1.0, help="part of the full size; then nothing is recorded"
    )
    parser.add_argument("--folder", type=Path, help="for generated data, removed afterwards")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    for name in options.names or BENCHMARKS:
        print(f"{name} ...", flush=True)
        with tempfile.TemporaryDirectory(dir=options.folder, prefix="bench-") as folder:
            measurements = BENCHMARKS[name](Path(folder), options.scale)
        for measurement in measurements:
            print(f"  {measurement.row()}", flush=True)
        if options.scale == 1:
            measuring.record(measurements)
    return 0


if __name__ == "__main__":
    sys.exit(main())
