"""Journeys, credits of all models, removal effects and Shapley values, counted with loops.

The written definitions belong here, followed a second time: no SQL, no data frame and no code of
the product. Removal effects are found by taking each channel away and solving the chain again in
fractions, Shapley values by letting the channels come in every order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise, permutations

LOOKBACK = timedelta(days=180)
HALF_LIFE = timedelta(days=30)
MOST_TOUCHES = 200
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
START, CONVERSION, NOWHERE = "(start)", "(conversion)", "(null)"
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Visit:
    """A session; `channel` is its group, with the network where social sent it."""

    key: str
    visitor: str
    started_at: datetime
    channel: str
    is_told: bool
    is_script: bool = False


@dataclass(frozen=True)
class Purchase:
    """A conversion; without a visitor nobody knows who it was."""

    key: str
    visitor: str | None
    converted_at: datetime
    is_primary: bool
    value: float | None


def quarter(day: datetime) -> tuple[int, int]:
    """The calendar quarter of a UTC day."""
    return day.year, (day.month - 1) // 3


def touches(visits: Iterable[Visit], visitor: str | None, until: datetime) -> list[Visit]:
    """The visitor's sessions within the lookback, in order, the latest so many of all."""
    before = sorted(
        (visit.started_at, visit.key, visit)
        for visit in visits
        if visit.visitor == visitor and visit.started_at <= until and not visit.is_script
    )
    latest = [visit for _, _, visit in before[-MOST_TOUCHES:]]
    return [visit for visit in latest if until - visit.started_at <= LOOKBACK]


def told(journey: Sequence[Visit]) -> list[Visit]:
    """Those that say who sent the visitor, or all if none does."""
    return [visit for visit in journey if visit.is_told] or list(journey)


def weights(
    model: str, journey: Sequence[Visit], until: datetime, effects: Mapping[str, float]
) -> dict[str, float]:
    """What each session of a journey weighs in a model."""
    some = told(journey)
    if model == "last_touch":
        return {journey[-1].key: 1.0}
    if model == "last_non_direct":
        return {some[-1].key: 1.0}
    if model == "first_touch":
        return {some[0].key: 1.0}
    if model == "position_based" and len(some) > 2:
        inner = {visit.key: 0.2 / (len(some) - 2) for visit in some[1:-1]}
        return {some[0].key: 0.4, some[-1].key: 0.4, **inner}
    if model == "time_decay":
        return {visit.key: 0.5 ** ((until - visit.started_at) / HALF_LIFE) for visit in some}
    if model == "markov" and any(effects.get(visit.channel) for visit in some):
        return {visit.key: effects.get(visit.channel, 0.0) for visit in some}
    if model == "shapley":
        number = Counter(visit.channel for visit in some)
        return {visit.key: 1 / number[visit.channel] for visit in some}
    return {visit.key: 1.0 for visit in some}


def credit_given(
    purchases: Iterable[Purchase], visits: Sequence[Visit]
) -> dict[tuple[str, str | None, str], float]:
    """Credit by conversion, session and model; no session is nobody."""
    of_quarter = {
        one: removal_effects(paths) for one, paths in paths_by_quarter(purchases, visits).items()
    }
    given = {}
    for purchase in purchases:
        journey = touches(visits, purchase.visitor, purchase.converted_at)
        effects = of_quarter.get(quarter(purchase.converted_at), {})
        for model in MODELS:
            if not journey:
                given[purchase.key, None, model] = 1.0
                continue
            heavy = weights(model, journey, purchase.converted_at, effects)
            whole = sum(heavy.values())
            for key, weight in heavy.items():
                if weight > 0:
                    given[purchase.key, key, model] = weight / whole
    return given


def paths_by_quarter(
    purchases: Iterable[Purchase], visits: Sequence[Visit]
) -> dict[tuple[int, int], list[tuple[tuple[str, ...], bool]]]:
    """Channels of the journeys that end in a quarter, and whether in a primary purchase."""
    found = defaultdict(list)
    buyers = set()
    for purchase in purchases:
        journey = touches(visits, purchase.visitor, purchase.converted_at)
        if purchase.is_primary and journey:
            when = quarter(purchase.converted_at)
            buyers.add((purchase.visitor, when))
            found[when].append((tuple(visit.channel for visit in told(journey)), True))
    last: dict[tuple[str, tuple[int, int]], datetime] = {}
    for visit in visits:
        if not visit.is_script:
            one = visit.visitor, quarter(visit.started_at)
            last[one] = max(visit.started_at, last.get(one, visit.started_at))
    for (visitor, when), until in last.items():
        if (visitor, when) not in buyers:
            journey = told(touches(visits, visitor, until))
            found[when].append((tuple(visit.channel for visit in journey), False))
    return found


def removal_effects(paths: Iterable[tuple[tuple[str, ...], bool]]) -> dict[str, float]:
    """Share of conversions lost when journeys end where they would come to a channel."""
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    for channels, converts in paths:
        for origin, target in pairwise((START, *channels, CONVERSION if converts else NOWHERE)):
            steps[origin][target] += 1
    channels = sorted(set(steps) - {START})
    whole = conversion_chance(steps, without=None)
    return {
        channel: float(1 - conversion_chance(steps, without=channel) / whole) if whole else 0.0
        for channel in channels
    }


def conversion_chance(steps: Mapping[str, Counter[str]], without: str | None) -> Fraction:
    """Chance that a journey converts, from the start; solved by elimination, in fractions."""
    places = [place for place in steps if place != without]
    rows = []
    for place in places:
        leaving = sum(steps[place].values())
        row = [
            Fraction(place == other) - Fraction(steps[place][other], leaving) for other in places
        ]
        rows.append([*row, Fraction(steps[place][CONVERSION], leaving)])
    for i in range(len(places)):
        pivot = next(j for j in range(i, len(places)) if rows[j][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [cell / rows[i][i] for cell in rows[i]]
        for j, row in enumerate(rows):
            if j != i and row[i] != 0:
                rows[j] = [a - row[i] * b for a, b in zip(row, rows[i], strict=True)]
    return rows[places.index(START)][-1]


def shapley_values(needed: Sequence[frozenset[str]]) -> dict[str, float]:
    """What each channel adds on average when the channels come one by one, in every order.

    Args:
        needed: channels of each conversion; a set of channels is worth those it has all of.
    """
    channels = sorted(set().union(*needed))
    added: dict[str, int] = defaultdict(int)
    orders = 0
    for order in permutations(channels):
        orders += 1
        there: set[str] = set()
        worth = 0
        for channel in order:
            there.add(channel)
            now = sum(one <= there for one in needed)
            added[channel] += now - worth
            worth = now
    return {channel: added[channel] / orders for channel in channels}
