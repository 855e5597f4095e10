"""KPIs of the web: sessions, the posts that sent them, conversions and who earns them.

Works on the world's sessions, purchases and orders. Credit itself is in `attribution`, what an
order is worth in `money`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.company import Company
from simulator.posts import Posts, post_exports, rows_of
from simulator.truth.attribution import (
    LOOKBACK_US,
    MODELS,
    SECOND_US,
    Touch,
    credit_shares,
    known,
    removal_effects,
    within,
)
from simulator.truth.cube import Cube, Slices
from simulator.truth.money import Sale
from simulator.web import ARRIVALS, SECOND_ARRIVALS, Arrival, Web
from simulator.zones import DAY, period_start

UNATTRIBUTED = "Unattributed"
EARLIER_S = 30 * DAY
COHORT_S = 90 * DAY


@dataclass(frozen=True)
class Conversion:
    """A conversion; `visitor` is -1 if nobody knows, `value` None where no rate is known."""

    at_us: int
    visitor: int
    value: float | None


class WebTruth:
    """The web year seen through the definitions."""

    def __init__(self, company: Company, web: Web, posts: Posts, sales: list[Sale]) -> None:
        self.company, self.web, self.posts = company, web, posts
        s = web.sessions
        self.arrivals = arrivals_of(web)
        self.social = np.array([arrival.is_social for arrival in self.arrivals], dtype=bool)
        self.start_us = s.start_us.tolist()
        self.by_visitor: dict[int, list[int]] = {}
        for row, visitor in enumerate(s.visitor.tolist()):
            self.by_visitor.setdefault(visitor, []).append(row)
        for rows in self.by_visitor.values():
            rows.sort(key=lambda row: self.start_us[row])
        self.touches = {
            visitor: [
                Touch(self.start_us[row], self.arrivals[row].is_direct, _state(self.arrivals[row]))
                for row in rows
            ]
            for visitor, rows in self.by_visitor.items()
        }
        self.conversions = self._conversions(sales)
        instants = np.array([c.at_us // SECOND_US for c in self.conversions], dtype=np.int64)
        self.day = company.zone.day(instants)
        self.quarter = period_start(self.day, "quarter")
        self.effects = self._effects()

    def _conversions(self, sales: list[Sale]) -> list[Conversion]:
        """Purchases less what was refunded, and sales the site knows nothing of."""
        s = self.web.sessions
        of_purchase = {sale.purchase: sale for sale in sales if sale.purchase >= 0}
        found = []
        for purchase in self.web.purchases:
            visitor = int(s.visitor[purchase.session]) if purchase.session >= 0 else -1
            sale = of_purchase.get(purchase.number)
            worth = purchase.value - (sale.refunded if sale else 0.0)
            found.append(Conversion(purchase.at_us, visitor, worth))
        for sale in sales:
            if sale.purchase < 0:
                at_us = sale.at * SECOND_US
                rows = self.by_visitor.get(sale.visitor, [])
                seen = bool(rows) and self.start_us[rows[0]] <= at_us
                found.append(Conversion(at_us, sale.visitor if seen else -1, sale.value))
        return found

    def _effects(self) -> dict[int, dict[str, float]]:
        """Removal effects of each quarter, from those who converted in it and those who came."""
        journeys: dict[int, list[tuple[list[str], bool]]] = {}
        buyers = set()
        for conversion, quarter in zip(self.conversions, self.quarter.tolist(), strict=True):
            touches = self.touches.get(conversion.visitor, [])
            if not touches or touches[0].at_us > conversion.at_us:
                continue
            buyers.add((conversion.visitor, quarter))
            states = _states(touches, conversion.at_us)
            journeys.setdefault(quarter, []).append((states, True))
        s = self.web.sessions
        days = self.company.zone.day(s.start_us // SECOND_US)
        last: dict[tuple[int, int], int] = {}
        for visitor, quarter, start in zip(
            s.visitor.tolist(), period_start(days, "quarter").tolist(), self.start_us, strict=True
        ):
            last[visitor, quarter] = max(start, last.get((visitor, quarter), 0))
        for (visitor, quarter), until in last.items():
            if (visitor, quarter) not in buyers:
                states = _states(self.touches[visitor], until)
                journeys.setdefault(quarter, []).append((states, False))
        return {quarter: removal_effects(paths) for quarter, paths in journeys.items()}

    def session_kpis(self, cube: Cube) -> None:
        """K68, its share of traffic, and K69."""
        n = len(self.arrivals)
        visitor = self.web.sessions.visitor
        day = self.company.zone.day(self.web.sessions.start_us // SECOND_US)
        slices = self._network_slices()
        cube.count("K68", day, slices, self.social)
        everybody = {
            (kind, start): len(rows)
            for kind, start, _, rows in cube.grouped(day, Slices(n), np.ones(n, dtype=bool))
        }
        for kind, start, key, rows in cube.grouped(day, slices, self.social):
            total = everybody[(kind, start)]
            cube.put(kind, start, "K68_share", key, len(rows) / total, len(rows), total, total)
            people = len(np.unique(visitor[rows]))
            cube.put(kind, start, "K69", key, people, people, None, people)

    def _network_slices(self) -> Slices:
        slices = Slices(len(self.arrivals))
        for i, arrival in enumerate(self.arrivals):
            if arrival.network:
                slices.put(i, "network", arrival.network)
        return slices

    def post_session_kpis(self, cube: Cube) -> None:
        """K70: sessions of a known post, and those whose link several posts carry."""
        posts, s = self.posts, self.web.sessions
        exported = np.zeros(len(posts), dtype=bool)
        for export in post_exports(self.company):
            exported[rows_of(posts, export)] = True
        candidates = np.zeros(len(self.arrivals), dtype=np.int64)
        for row in np.flatnonzero(s.post >= 0).tolist():
            post = int(s.post[row])
            if not posts.shares_link[post]:
                candidates[row] = exported[post]
                continue
            # Whoever follows a shared link may have come from any post so far that carries it.
            alike = exported & posts.shares_link & (posts.campaign == posts.campaign[post])
            today = self.start_us[row] // SECOND_US // DAY
            candidates[row] = np.sum(alike & (posts.posted_at // DAY <= today))
        day = self.company.zone.day(s.start_us // SECOND_US)
        slices = self._network_slices()
        cube.count("K70", day, slices, candidates == 1)
        cube.count("K70_ambiguous", day, slices, candidates > 1)

    def credits(self, model: str) -> list[list[tuple[int, float]]]:
        """(session, share) of every conversion; nothing for one that nobody earned."""
        result = []
        for conversion, quarter in zip(self.conversions, self.quarter.tolist(), strict=True):
            rows = self.by_visitor.get(conversion.visitor, [])
            found = credit_shares(
                self.touches.get(conversion.visitor, []),
                conversion.at_us,
                model,
                self.effects.get(quarter),
            )
            result.append([(rows[position], share) for position, share in found])
        return result

    def conversion_kpis(self, cube: Cube) -> None:
        """K71 in every model: of social, of each network, of each channel group."""
        for model in MODELS:
            days, shares, worth, numbers = [], [], [], []
            labels: list[Arrival | None] = []
            for number, found in enumerate(self.credits(model)):
                for row, share in found or [(-1, 1.0)]:
                    numbers.append(number)
                    days.append(int(self.day[number]))
                    shares.append(share)
                    value = self.conversions[number].value
                    worth.append(np.nan if value is None else share * value)
                    labels.append(None if row < 0 else self.arrivals[row])
            slices = Slices(len(days))
            social = np.zeros(len(days), dtype=bool)
            for i, arrival in enumerate(labels):
                slices.put(i, "channel_group", arrival.channel if arrival else UNATTRIBUTED)
                if arrival and arrival.network:
                    slices.put(i, "network", arrival.network)
                social[i] = bool(arrival and arrival.is_social)
            amounts = {f"K71_{model}": np.array(shares), f"K71_{model}_revenue": np.array(worth)}
            credit_cells(
                cube, np.array(days, dtype=np.int64), slices, social, np.array(numbers), amounts
            )

    def social_of(self, found: list[tuple[int, float]]) -> float:
        """Social's share of one conversion."""
        return sum(share for row, share in found if self.arrivals[row].is_social)

    def assist_kpis(self, cube: Cube) -> None:
        """K72 and K73: what the last touch hides of social."""
        n = len(self.conversions)
        linear, last = self.credits("linear"), self.credits("last_touch")
        assisted = np.zeros(n, dtype=np.int64)
        known_visitor = np.array([c.visitor >= 0 for c in self.conversions], dtype=bool)
        taken = np.zeros(n, dtype=bool)
        social_linear = np.array([self.social_of(found) for found in linear])
        social_last = np.array([self.social_of(found) for found in last])
        value = np.array([np.nan if c.value is None else c.value for c in self.conversions])
        for i, conversion in enumerate(self.conversions):
            rows = self.by_visitor.get(conversion.visitor, [])
            before = [
                row for row in rows if 0 <= conversion.at_us - self.start_us[row] <= LOOKBACK_US
            ]
            social = [row for row in before if self.arrivals[row].is_social]
            if not social:
                continue
            assisted[i] = not self.arrivals[before[-1]].is_social
            gap = self.start_us[before[-1]] - self.start_us[social[0]]
            by_ad = self.arrivals[before[-1]].channel == "Paid Search"
            taken[i] = by_ad and gap >= EARLIER_S * SECOND_US
        slices = Slices(n)
        cube.count("K72", self.day, slices, assisted == 1)
        cube.ratio("K72_share", self.day, slices, known_visitor, assisted)
        hidden = social_linear - social_last
        everything = np.ones(n, dtype=bool)
        for kpi, keep, credit in (
            ("K73", taken, social_linear),
            ("K73_social", everything, hidden),
        ):
            for kind, start, key, rows in cube.by_quarter().grouped(self.day, slices, keep):
                total, worth = known_sum(credit[rows]), known_sum((credit * value)[rows])
                cube.put(kind, start, kpi, key, total, total, None, len(rows))
                cube.put(kind, start, f"{kpi}_revenue", key, worth, worth, None, len(rows))

    def cohort_kpis(self, cube: Cube) -> None:
        """K74: of those whom social brought first in a period, who converted within 90 days."""
        bought: dict[int, list[int]] = {}
        for conversion in self.conversions:
            bought.setdefault(conversion.visitor, []).append(conversion.at_us)
        starts, converted, networks = [], [], []
        for visitor, rows in self.by_visitor.items():
            first = next((row for row in rows if self.social[row]), None)
            if first is None:
                continue
            since = self.start_us[first]
            until = since + COHORT_S * SECOND_US
            starts.append(since // SECOND_US)
            converted.append(any(since <= t <= until for t in bought.get(visitor, [])))
            networks.append(self.arrivals[first].network)
        slices = Slices(len(starts))
        for i, network in enumerate(networks):
            if network:
                slices.put(i, "network", network)
        instants = np.array(starts, dtype=np.int64)
        ripe = instants + COHORT_S <= self.company.as_of
        day = self.company.zone.day(instants)
        has_bought = np.array(converted, dtype=np.int64)
        cube.by_quarter().ratio("K74", day, slices, ripe, has_bought)


def _state(arrival: Arrival) -> str:
    return f"{arrival.channel}: {arrival.network}" if arrival.network else arrival.channel


def _states(touches: list[Touch], until_us: int) -> list[str]:
    """States of the touches that may earn credit, in order."""
    return [touches[i].state for i in known(touches, within(touches, until_us))]


def arrivals_of(web: Web) -> list[Arrival]:
    """How each session came."""
    return [
        SECOND_ARRIVALS[number][0] if second else ARRIVALS[number]
        for number, second in zip(
            web.sessions.arrival.tolist(), web.sessions.second_site.tolist(), strict=True
        )
    ]


def credit_cells(
    cube: Cube,
    day: np.ndarray,
    slices: Slices,
    social: np.ndarray,
    conversion: np.ndarray,
    amounts: dict[str, np.ndarray],
) -> None:
    """Credit and revenue: the overall row is social only, channel groups are everything.

    An amount that nobody knows is not added; where none is known there is no sum.
    """
    for kind, start, key, rows in cube.grouped(day, slices, np.ones(len(day), dtype=bool)):
        if key[0] == "overall":
            rows = rows[social[rows]]
        if not len(rows):
            continue
        n = len(np.unique(conversion[rows]))
        for kpi, amount in amounts.items():
            total = known_sum(amount[rows])
            cube.put(kind, start, kpi, key, total, total, None, n)


def known_sum(amount: np.ndarray) -> float | None:
    """The sum of what is known, nothing where nothing is."""
    told = amount[~np.isnan(amount)]
    return float(np.sum(told)) if len(told) else None
