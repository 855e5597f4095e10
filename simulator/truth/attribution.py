"""Who earns a conversion: credit by model over the sessions before it.

Touches and journeys are given, credits and effects come out, and credits sum to one. Where sessions
come from is `simulator.web`'s business.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

SECOND_US = 1_000_000
LOOKBACK_US = 180 * 86_400 * SECOND_US
HALF_LIFE_US = 30 * 86_400 * SECOND_US
MODELS = (
    "last_touch",
    "last_non_direct",
    "first_touch",
    "linear",
    "position_based",
    "time_decay",
    "markov",
    "shapley",
)
START, CONVERSION, LOST = "(start)", "(conversion)", "(null)"


class Touch(NamedTuple):
    """A session before a conversion: when it began, whether nothing is known of where it came from.

    `state` is what the data-driven models tell channels apart by.
    """

    at_us: int
    is_direct: bool
    state: str = ""


def within(touches: list[Touch], until_us: int) -> list[int]:
    """Positions of the touches up to an instant and within the look-back."""
    return [i for i, t in enumerate(touches) if 0 <= until_us - t.at_us <= LOOKBACK_US]


def known(touches: list[Touch], positions: list[int]) -> list[int]:
    """Those with a known source, all of them if there is none."""
    return [i for i in positions if not touches[i].is_direct] or positions


def credit_shares(
    touches: list[Touch],
    converted_us: int,
    model: str,
    effects: dict[str, float] | None = None,
) -> list[tuple[int, float]]:
    """Credits (position of the touch, share) of one conversion.

    Args:
        touches: the visitor's sessions in order of time, instants in microseconds.
        converted_us: instant of the conversion.
        model: one of `MODELS`.
        effects: removal effect of each state, for the Markov model.

    Returns:
        Shares that sum to one, or nothing when no touch lies within the look-back.
    """
    all_of_them = within(touches, converted_us)
    if not all_of_them:
        return []
    if model == "last_touch":
        return [(all_of_them[-1], 1.0)]
    some = known(touches, all_of_them)
    n = len(some)
    if model == "last_non_direct":
        return [(some[-1], 1.0)]
    if model == "first_touch":
        return [(some[0], 1.0)]
    if model == "shapley":
        states = Counter(touches[i].state for i in some)
        return [(i, 1.0 / (len(states) * states[touches[i].state])) for i in some]
    weights = [1.0] * n
    if model == "position_based" and n > 2:
        weights = [0.4, *[0.2 / (n - 2)] * (n - 2), 0.4]
    elif model == "time_decay":
        weights = [0.5 ** ((converted_us - touches[i].at_us) / HALF_LIFE_US) for i in some]
    elif model == "markov":
        found = [(effects or {}).get(touches[i].state, 0.0) for i in some]
        weights = found if sum(found) > 0 else weights
    total = sum(weights)
    return [(i, w / total) for i, w in zip(some, weights, strict=True) if w > 0]


def removal_effects(journeys: list[tuple[list[str], bool]]) -> dict[str, float]:
    """The share of conversions that is lost when a state is taken away, for each state.

    Args:
        journeys: states in order, and whether the journey ended in a conversion.

    Returns:
        Effects of all states on the journeys; none of them where nothing converts.
    """
    steps: Counter[tuple[str, str]] = Counter()
    for states, converts in journeys:
        if states:
            path = [START, *states, CONVERSION if converts else LOST]
            steps.update(pairwise(path))
    names = sorted({name for pair in steps for name in pair} - {START, CONVERSION, LOST})
    whole = _conversion_chance(steps, names, "")
    if not whole:
        return dict.fromkeys(names, 0.0)
    return {name: 1 - _conversion_chance(steps, names, name) / whole for name in names}


def _conversion_chance(steps: Counter[tuple[str, str]], names: list[str], without: str) -> float:
    """The chance that a journey converts when whoever reaches a state is lost there."""
    places = [START, *(name for name in names if name != without)]
    number = {name: i for i, name in enumerate(places)}
    leaving: Counter[str] = Counter()
    for (origin, _), n in steps.items():
        leaving[origin] += n
    moves = np.zeros((len(places), len(places)))
    converts = np.zeros(len(places))
    for (origin, target), n in steps.items():
        if origin not in number:
            continue
        if target == CONVERSION:
            converts[number[origin]] += n / leaving[origin]
        elif target in number:
            moves[number[origin], number[target]] += n / leaving[origin]
    return float(np.linalg.solve(np.eye(len(places)) - moves, converts)[0])
