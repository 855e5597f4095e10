"""Who earns a conversion: credit by model over the sessions before it.

Touches are given, credits come out, and they sum to one. Where sessions come from is
`simulator.web`'s business.
"""

from __future__ import annotations

LOOKBACK_S = 180 * 86_400
MODELS = ("last_touch", "last_non_direct", "first_touch", "linear")


def credit_shares(
    touches: list[tuple[float, bool]], converted_at: float, model: str
) -> list[tuple[int, float]]:
    """Credits (position of the touch, share) of one conversion.

    Args:
        touches: (started at, is direct) of the visitor's sessions, in order of time, in seconds.
        converted_at: instant of the conversion, in seconds.
        model: one of `MODELS`.

    Returns:
        Shares that sum to one, or nothing when no touch lies within the look-back.
    """
    within = [
        i
        for i, (started, _) in enumerate(touches)
        if started <= converted_at and converted_at - started <= LOOKBACK_S
    ]
    if not within:
        return []
    if model == "last_touch":
        return [(within[-1], 1.0)]
    known = [i for i in within if not touches[i][1]] or within
    if model == "last_non_direct":
        return [(known[-1], 1.0)]
    if model == "first_touch":
        return [(known[0], 1.0)]
    return [(i, 1.0 / len(known)) for i in known]
