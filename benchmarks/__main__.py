"""Command line of the benchmarks.

Reads arguments and calls; what is measured lives in the modules named after the benchmarks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import business_time, extraction, measuring, models, page, simulator, web, whole
from benchmarks.peers import run as peers

BENCHMARKS = {
    "business_time": business_time.run,
    "simulator": simulator.run,
    "extraction": extraction.run,
    "models": models.run,
    "web": web.run,
    **{name: partial(peers.run, name=name) for name in peers.SIZES},
}
FOLDER = page.PROJECT / "data" / "bench"


def main(arguments: list[str] | None = None) -> int:
    """Run benchmarks; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--size", choices=list(whole.SIZES), help="the whole job at this size")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="part of the full size; then nothing is recorded"
    )
    parser.add_argument("--folder", type=Path, help="for generated data")
    parser.add_argument("--page", action="store_true", help="write the page again")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    for name in options.names:
        measure(name, options.scale, options.folder)
    if options.size:
        measure_whole(options.size, options.folder or FOLDER)
    if options.page:
        page.write()
    return 0


def measure(name: str, scale: float, parent: Path | None) -> None:
    """Run one benchmark; what it generates is removed afterwards."""
    print(f"{name} ...", flush=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix="bench-") as folder:
        measurements = BENCHMARKS[name](Path(folder), scale)
    for measurement in measurements:
        print(f"  {measurement.line()}", flush=True)
    if scale == 1:
        measuring.record(measurements)
        page.write()


def measure_whole(size: str, parent: Path) -> None:
    """Run the whole job at a size; its folder stays, and its exports serve the next run."""
    print(f"The whole job at {size}, in {parent / size} ...", flush=True)
    told = whole.run(parent / size, size)
    kept = measuring.results()
    if size != "tiny":
        kept["whole"][size] = told
        measuring.write_results(kept)
        page.write()
    runs = [run for run in kept["whole"].values() if run["size"] not in ("tiny", size)]
    smaller = [r for r in runs if r["world"]["messages"] < told["world"]["messages"]]
    smaller.sort(key=lambda run: run["world"]["messages"])
    print(
        page.table(
            ["step", "seconds", "peak memory", "what it did"],
            [
                [
                    each["work"],
                    f"{each['seconds']:,.1f}",
                    f"{each['peak_mb']:,.0f} MB",
                    each["outcome"],
                ]
                for each in told["steps"]
            ],
        )
    )
    for fact, found in told["differing"].items():
        print(f"{fact} by hand: {found['rows']:,} rows, differing: {found['wrong'] or 'none'}")
    for wanted, found, holds in page.verdicts([*smaller[-1:], told]):
        print(f"{'reached' if holds else 'MISSED '}  {wanted}: {found}")


if __name__ == "__main__":
    sys.exit(main())
