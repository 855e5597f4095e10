"""A company with a million messages, simulated.

Only the call and its figures are here; what is simulated is the simulator's business.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.measuring import Measurement, apart

MESSAGES = 1_000_000


def run(folder: Path, scale: float) -> list[Measurement]:
    """Measure exports alone, then exports and truth."""
    messages = int(MESSAGES * scale)
    measurements = []
    for truth, what in ((False, "exports"), (True, "exports and true KPI values")):
        (counts, seconds_of), seconds, peak = apart(simulate, folder, messages, truth)
        steps = ", ".join(f"{name} {s:.1f} s" for name, s in seconds_of.items())
        outcome = f"{counts['messages']:,} messages, {counts['files']:,} files: {steps}"
        work = f"{what} of {messages:,} messages"
        measurements.append(Measurement("simulator", work, outcome, seconds, peak))
    return measurements


def simulate(folder: Path, messages: int, truth: bool) -> tuple[dict, dict]:
    """Simulate into the folder; returns counts and seconds by step."""
    from simulator.build import simulate as build

    summary = build(folder / "landing", folder / "truth" if truth else None, messages=messages)
    return summary.counts, summary.seconds
