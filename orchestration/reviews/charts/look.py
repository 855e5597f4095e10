"""One look for all charts: colours, type, widths, and where the ticks of an axis are.

What every family of charts shares belongs here and nothing that only one of them needs. How a
mark is drawn is told by the family; nothing here knows a unit's words but through `wording`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Okabe-Ito hues, darkened where needed so that each has at least 3:1 against the paper colour.
BLUE, VERMILLION, GREEN, PURPLE = "#0a6aa8", "#b8500a", "#00795a", "#8f4a77"
PAST = "#7895ab"
PAPER, INK, MUTED, GRID, BAND = "#fdfcf8", "#1f2733", "#56606d", "#e3dfd5", "#f1ede2"
HATCH = "#d9d1bd"
SERIES = (BLUE, GREEN, VERMILLION, PURPLE)
SHAPES = ("circle", "diamond", "square", "triangle-up")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
WIDE, NARROW = 800, 350
#: From this width on a drawing has room for what a phone has not.
ROOMY = 500


@dataclass(frozen=True)
class Line:
    """One series over the periods or labels of a chart; None is a gap."""

    name: str
    values: tuple[float | None, ...]


def ticks(low: float, high: float, about: int = 5, least: float = 0.0) -> list[float]:
    """Round axis steps from at or below `low` to at or above `high`, at least `least` apart."""
    if high <= low:
        high = low + 1
    rough = (high - low) / about
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * 0.999)
    step = max(step, least)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * index, 10) for index in range(first, last + 1)]


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved as little as needed so that neighbours are `gap` apart within [low, high]."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    placed = list(positions)
    floor = low
    for index in order:
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def axis_labels(names: Sequence[str], width: int) -> list[str]:
    """Period names as axis labels: the year once under its first label, thinned if narrow.

    `names` look like `Jan 2026`. A bar separates the lines of a label; a label that is left out
    is the empty string.
    """
    every = 1 if width / max(1, len(names)) >= 30 else 2
    labels, years = [], set()
    for index, name in enumerate(names):
        short, _, year = name.partition(" ")
        if (len(names) - 1 - index) % every:
            labels.append("")
        else:
            labels.append(short if year in years else f"{short}|{year}")
            years.add(year)
    return labels
