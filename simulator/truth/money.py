"""What orders are worth, what followers spend, who stays, what a contact costs, how mature we are.

Works on the world's customers, orders, leads and costs; conversations are given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.company import Company, read_seed
from simulator.maturity import Answer
from simulator.money import Customer, Money
from simulator.truth.care import CareTruth, in_force
from simulator.truth.cube import Cube
from simulator.writers.costs import cost_lines
from simulator.writers.phone import figures
from simulator.zones import DAY, day_number, period_end, period_start

SOLD = ("paid", "refunded", "partially_refunded")
LEAST_MATCH_RATE = 0.05
STAYED_DAYS = 90
LEAST_CUSTOMERS = 10
LEAST_FRESH_DAYS = 366


class Rates:
    """Exchange rates of the seed: the one in force on a day, None for a currency without any."""

    def __init__(self, company: Company) -> None:
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row in read_seed(company.seeds_dir, "exchange_rates"):
            found[row["currency"]].append((day_number(row["valid_from_on"]), float(row["rate"])))
        self._rates = {currency: sorted(rows) for currency, rows in found.items()}

    def on(self, currency: str, day: int) -> float | None:
        """What one unit is worth on a day."""
        rows = self._rates.get(currency, [])
        place = bisect_right([since for since, _ in rows], day)
        return rows[place - 1][1] if place else None


@dataclass(frozen=True)
class Sale:
    """An order that was paid for; `value` is net and None without a rate, `customer` a key."""

    purchase: int
    at: int
    day: int
    visitor: int
    customer: tuple[str, int]
    value: float | None
    refunded: float


def sales_of(company: Company, money: Money) -> list[Sale]:
    """Orders and won leads, in the company's own currency and days."""
    rates = Rates(company)
    by_visitor = {c.visitor: c.number for c in money.customers if c.visitor >= 0}

    def sale(purchase, at, visitor, customer, amount, refunded, currency) -> Sale:
        day = int(company.zone.day(np.array([at]))[0])
        rate = rates.on(currency, day)
        value = None if rate is None else (amount - refunded) * rate
        return Sale(purchase, at, day, visitor, customer, value, refunded)

    found = [
        sale(
            o.purchase,
            o.at,
            o.visitor,
            ("customer", o.customer),
            o.amount,
            o.refunded,
            o.currency,
        )
        for o in money.orders
        if o.status in SOLD
    ]
    for lead in money.leads:
        if lead.state != "won":
            continue
        # Whoever signs in and is no customer yet is one of their own.
        owner = ("lead", lead.number)
        if lead.visitor >= 0:
            number = by_visitor.get(lead.visitor)
            owner = ("visitor", lead.visitor) if number is None else ("customer", number)
        found.append(sale(-1, lead.sold_at, lead.visitor, owner, lead.revenue, 0.0, "USD"))
    return found


class MoneyTruth:
    """Customers seen through the definitions."""

    def __init__(self, company: Company, money: Money, sales: list[Sale]) -> None:
        self.company, self.money, self.sales = company, money, sales
        self.today = int(company.zone.day(np.array([company.as_of]))[0])
        self.became: dict[tuple[str, int], int] = {}
        self.left: dict[tuple[str, int], int] = {}
        self.known: dict[tuple[str, int], Customer] = {}
        exported = company.cut // DAY
        for customer in money.customers:
            if customer.became >= exported:
                continue
            key = ("customer", customer.number)
            self.known[key] = customer
            self.became[key] = customer.became
            if 0 <= customer.left < exported:
                self.left[key] = customer.left
        for sale in sales:
            if sale.customer[0] != "customer":
                self.became[sale.customer] = min(sale.day, self.became.get(sale.customer, sale.day))

    def quarters(self) -> list[int]:
        """First days of the quarters that have begun."""
        days = np.arange(self.company.first_day, self.today + 1)
        return np.unique(period_start(days, "quarter")).tolist()

    def customers_of(self, start: int) -> set[tuple[str, int]]:
        """Customers of a quarter."""
        last = min(period_end(start, "quarter"), self.today)
        return {
            key
            for key, became in self.became.items()
            if became <= last and self.left.get(key, 2**62) > start
        }

    def followers_of(self, start: int) -> dict[str, set[tuple[str, int]]]:
        """Who is known to follow us by the end of a quarter: anywhere, and on each network."""
        last = min(period_end(start, "quarter"), self.today)
        found: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for key, customer in self.known.items():
            for identity in customer.identities:
                if identity.is_follower and identity.followed_since <= last:
                    found["all"].add(key)
                    found[identity.network].add(key)
        return found

    def follower_kpis(self, cube: Cube) -> None:
        """K75: what followers spend, and how many of the customers are known to be some."""
        for start in self.quarters():
            customers = self.customers_of(start)
            end = period_end(start, "quarter")
            revenue: dict[tuple[str, int], float] = defaultdict(float)
            for sale in self.sales:
                if start <= sale.day <= end and sale.customer in customers:
                    revenue[sale.customer] += sale.value or 0.0
            if not customers:
                continue
            n = len(customers)
            followers = self.followers_of(start)
            networks = {i.network for c in self.known.values() for i in c.identities}
            for network in ("all", *sorted(networks)):
                key = ("overall", "all") if network == "all" else ("network", network)
                mine = followers.get(network, set()) & customers
                rate = len(mine) / n
                cube.put("quarter", start, "K75_match_rate", key, rate, len(mine), n, n)
                if not mine:
                    continue
                spent = sum(revenue[customer] for customer in mine)
                value = spent / len(mine) if rate >= LEAST_MATCH_RATE else None
                cube.put("quarter", start, "K75", key, value, spent, len(mine), len(mine))
                others = customers - mine
                if network == "all" and others and value is not None:
                    rest = sum(revenue[customer] for customer in others) / len(others)
                    index = value / rest if rest else None
                    cube.put("quarter", start, "K75_index", key, index, value, None, len(mine))

    def retention_kpis(self, cube: Cube, seen: CareTruth) -> None:
        """K76: of unhappy customers, who stayed; those we answered and those nobody did."""
        care = seen.care
        m = care.messages
        owners: dict[tuple[str, int], tuple[str, int]] = {}
        for key, customer in self.known.items():
            for identity in customer.identities:
                owners[identity.network, identity.contact] = key
        bad = np.flatnonzero(
            ~m["out"]
            & ~m["own"]
            & ~seen.flags.is_spam
            & m["has_sentiment"]
            & (m["sentiment"] < 0)
            & ~m["archive"]
        )
        first: dict[tuple[int, tuple[str, int]], tuple[int, int, bool]] = {}
        for row in bad.tolist():
            thread = int(m["thread"][row])
            owner = owners.get((seen.network(thread), int(care.threads.contact[thread])))
            segment = in_force(seen.threads.get(thread, []), int(m["t"][row]))
            if owner is None or segment is None:
                continue
            opened = int(self.company.zone.day(np.array([segment.opened_at]))[0])
            if self.became[owner] > opened or self.left.get(owner, 2**62) <= opened:
                continue
            quarter = int(period_start(np.array([opened]), "quarter")[0])
            entry = (segment.opened_at, opened, segment.human_replies > 0)
            first[quarter, owner] = min(entry, first.get((quarter, owner), entry))
        groups: dict[tuple[int, bool], list[bool]] = defaultdict(list)
        for (quarter, owner), (_, opened, answered) in first.items():
            if opened + STAYED_DAYS < self.today:
                stayed = self.left.get(owner, 2**62) > opened + STAYED_DAYS
                groups[quarter, answered].append(stayed)
        for (quarter, answered), stayed in groups.items():
            kpi = "K76" if answered else "K76_ignored"
            n, top = len(stayed), sum(stayed)
            value = top / n if n >= LEAST_CUSTOMERS else None
            cube.put("quarter", quarter, kpi, ("overall", "all"), value, top, n, n)

    def contact_kpis(self, cube: Cube, seen: CareTruth) -> None:
        """K77: costs of a channel by the contacts it handled, over months whose costs are known."""
        company = self.company
        costs = self._costs()
        handled = [
            segment.opened_at
            for _, segment in seen.segments
            if segment.is_in_scope and segment.is_handled
        ]
        contacts: dict[tuple[str, int], int] = defaultdict(int)
        months = period_start(company.zone.day(np.array(handled, dtype=np.int64)), "month")
        for month in months.tolist():
            contacts["social", month] += 1
        for row in figures(company):
            day = day_number(str(row["date"]))
            if "calls_answered" in row and day < company.cut // DAY:
                month = int(period_start(np.array([day]), "month")[0])
                contacts["phone", month] += int(row["calls_answered"])
        for kind in ("month", "quarter"):
            sums: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0])
            for (channel, month), cost in costs.items():
                start = int(period_start(np.array([month]), kind)[0])
                for name in (channel, "all"):
                    cell = sums[start, name]
                    cell[0] += cost
                    cell[1] += contacts[channel, month]
            for (start, name), (cost, n) in sums.items():
                key = ("overall", "all") if name == "all" else ("channel", name)
                cube.put(kind, start, "K77", key, cost / n if n else None, cost, n, n)

    def _costs(self) -> dict[tuple[str, int], float]:
        """Costs of social care and of the phone, by first day of the month."""
        rates = Rates(self.company)
        roles = {
            (row["category"], row["channel"]): row["contact_channel"]
            for row in read_seed(self.company.seeds_dir, "cost_roles")
        }
        found: dict[tuple[str, int], float] = defaultdict(float)
        for number, _ in enumerate(self.company.month_exports[:-1]):
            first = date(2025 + number // 12, number % 12 + 1, 1)
            month = (first - date(1970, 1, 1)).days
            if period_end(month, "month") >= self.today:
                continue
            for _, category, channel, _, amount, currency in cost_lines(
                self.company, f"{first:%Y-%m}", number
            ):
                where = roles.get((category, channel))
                rate = rates.on(currency, month)
                if where and rate is not None:
                    found[where, month] += float(amount) * rate
        return found

    def maturity_kpis(self, cube: Cube, answers: list[Answer]) -> None:
        """K79: the latest assessment, each axis for itself."""
        days = sorted({answer.assessed_on for answer in answers})
        for start in self.quarters():
            last = min(period_end(start, "quarter"), self.today)
            fresh = [day for day in days if day <= last and last - day <= LEAST_FRESH_DAYS]
            if not fresh:
                continue
            for axis in ("investment", "innovation"):
                mine = [a for a in answers if a.assessed_on == fresh[-1] and a.axis == axis]
                weight = sum(a.weight for a in mine)
                points = sum(a.weight * a.score for a in mine) / weight * 25
                key = ("overall", "all")
                cube.put("quarter", start, f"K79_{axis}", key, points, None, None, len(mine))
