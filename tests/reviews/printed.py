"""How a reader takes a number from a page: text back to a value, and how far rounding may move it.

Used by the tests that hold pages against the numbers behind them.
"""

from __future__ import annotations

import re

#: Half of the last printed digit, per unit; of durations in a table a tenth of the unit is printed.
MARGIN = {
    "hours": 0.05,
    "minutes": 0.5,
    "seconds": 180,
    "days": 0.05,
    "share": 0.0005,
    "change": 0.0005,
    "percent": 0.0005,
    "count": 0.05,
    "ratio": 0.005,
    "rate": 0.005,
    "score": 0.005,
    "points": 0.05,
    "money": 0.5,
}
#: How many hours the units of printed durations have.
HOURS = {"h": 1, "min": 1 / 60, "s": 1 / 3600}
#: How many of a unit make an hour.
PER_HOUR = {"hours": 1, "minutes": 60, "seconds": 3600}


def margin(value: float, unit: str) -> float:
    """How far a printed number may be from the value; from 100 h on durations are whole hours."""
    if unit in PER_HOUR and abs(value) >= 100 * PER_HOUR[unit]:
        return 0.5 * PER_HOUR[unit] + 1e-6
    return MARGIN[unit] + 1e-6


def read_back(text: str, unit: str) -> float:
    """The number that a reader of an English page takes from the printed text."""
    plain = re.sub(r"[\u00a0\u202f]", " ", text).replace("\u2212", "-").replace(",", "")
    if unit in PER_HOUR:
        hours = sum(
            float(n) * HOURS[name] for n, name in re.findall(r"([\d.]+) (h|min|s)\b", plain)
        )
        return PER_HOUR[unit] * (-hours if plain.startswith("-") else hours)
    sign = -1 if plain.startswith("-") else 1
    value = sign * float(re.search(r"[\d.]+", plain)[0])
    return value / 100 if unit in ("share", "change", "percent") else value
