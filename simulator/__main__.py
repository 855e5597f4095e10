"""Command line of the simulator.

Reads arguments, calls `simulate`, prints what was written. What is simulated lives in the other
modules.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simulator.build import DEFAULT_AS_OF, DEFAULT_ZONE, SIZES, simulate


def main(arguments: list[str] | None = None) -> int:
    """Simulate a company; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="Simulate a company's social year as exports."
    )
    parser.add_argument("--landing", type=Path, required=True, help="folder for the exports")
    parser.add_argument("--truth", type=Path, help="folder for the true KPI values")
    parser.add_argument("--no-truth", action="store_true", help="write exports only")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--messages", type=int, help="care messages wanted, instead of --size")
    parser.add_argument("--web-events", type=int, help="web events wanted, without the limit")
    parser.add_argument(
        "--last-days", type=int, default=0, help="so many days before the end have exports each"
    )
    parser.add_argument("--gzip", action="store_true", help="compress every text file")
    parser.add_argument("--as-of", default=DEFAULT_AS_OF, help="nothing later is known")
    parser.add_argument("--zone", default=DEFAULT_ZONE, help="zone of the company's days")
    options = parser.parse_args(arguments)
    if not options.no_truth and options.truth is None:
        parser.error("--truth is needed (or --no-truth)")
    summary = simulate(
        options.landing,
        None if options.no_truth else options.truth,
        options.seed,
        options.messages or SIZES[options.size],
        options.as_of,
        options.zone,
        web_events=options.web_events,
        last_days=options.last_days,
        is_compressed=options.gzip,
    )
    for line in summary.lines():
        print(line)
    print(f"exports: {summary.landing}")
    if summary.truth:
        print(f"truth: {summary.truth}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
