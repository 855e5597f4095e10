"""Intervals: how far off a share may be when it was counted in few cases.

Formulas with their source belong here, and nothing that reads a snapshot. How an interval is drawn
is told by `charts/trends.py`.
"""

from __future__ import annotations

import math

#: Two-sided 95 % quantile of the standard normal distribution.
Z95 = 1.959963984540054


def wilson(successes: float, n: float) -> tuple[float, float]:
    """Wilson 95 % interval of a share; ValueError without observations.

    Source: Wilson (1927); test vector 8 of 10 → 0.490 to 0.943.
    """
    if n <= 0:
        raise ValueError("an interval needs at least one observation")
    share = successes / n
    scale = 1 + Z95**2 / n
    centre = (share + Z95**2 / (2 * n)) / scale
    half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2)) / scale
    return max(0.0, centre - half), min(1.0, centre + half)
