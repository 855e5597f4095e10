"""Customers and their social identities, orders and refunds, leads, what advertising costs.

Follows from the care year and the web year: customers are people who write, orders are in part
the purchases of the site. Files are written in `writers`, what an order is worth in `truth`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.care import Care
from simulator.company import ARCHIVE, Company
from simulator.posts import CAMPAIGNS
from simulator.web import Web
from simulator.zones import DAY

# Networks that know no ids of people.
WITHOUT_IDS = ("email", "website")
CUSTOMER_SHARE = 0.35
FOLLOWER_SHARE = 0.45
STRANGER_SHARE = 0.5
SEGMENTS = ("starter", "team", "enterprise")
CHANNELS = ("web", "phone", "partner")
# Currencies of orders that did not come through the site; the last has no rate.
CURRENCIES = ("USD", "USD", "USD", "EUR", "EUR", "CHF")
LEAD_STATES = ("won", "lost", "open", "nurture")


@dataclass(frozen=True)
class Identity:
    """A customer on a network; `contact` is the number of the person there."""

    network: str
    contact: int
    is_follower: bool
    followed_since: int


@dataclass(frozen=True)
class Customer:
    """A customer. Days are day numbers, `left` is -1 for those who stayed.

    `visitor` is who they are on the second site once they sign in, -1 if they never did.
    """

    number: int
    became: int
    left: int
    segment: str
    identities: tuple[Identity, ...]
    visitor: int

    @property
    def follows_us(self) -> bool:
        """Whether any of their identities is known to follow us."""
        return any(identity.is_follower for identity in self.identities)


@dataclass(frozen=True)
class Order:
    """An order as the cut knows it; -1 is absent. `purchase` is the purchase on the site."""

    number: int
    purchase: int
    customer: int
    visitor: int
    at: int
    status: str
    amount: float
    refunded: float
    refunded_at: int
    currency: str
    channel: str


@dataclass(frozen=True)
class Lead:
    """A lead of the second site or of nobody known (`visitor` -1), and how it ended."""

    number: int
    visitor: int
    created_at: int
    state: str
    sold_at: int
    revenue: float


@dataclass(frozen=True)
class SpendDay:
    """What one campaign cost on one day on one advertising platform."""

    platform: str
    campaign_number: int
    campaign: str
    day: int
    spend: float
    currency: str
    impressions: int
    clicks: int
    conversions: float
    value: float


@dataclass
class Money:
    """Customers, orders, leads and advertising, each in order of its number."""

    customers: list[Customer]
    orders: list[Order]
    leads: list[Lead]
    spend: list[SpendDay]


# (platform, currency, mean cost of a day, cost of a click, campaigns).
PLATFORMS = (
    ("google", "USD", 140.0, 1.9, ("brand_search", "spring_launch", "winter_sale")),
    ("meta", "USD", 90.0, 0.8, ("always_on", "conference_2025")),
    ("linkedin", "EUR", 60.0, 4.5, ("certificates",)),
    ("tiktok", "USD", 35.0, 0.5, ("always_on",)),
)


def contacts(money: Money) -> list[int]:
    """People on networks who are customers."""
    return [i.contact for customer in money.customers for i in customer.identities]


def earn(company: Company, care: Care, web: Web) -> Money:
    """Draw the customers, what they ordered, and what was spent to find more."""
    customers = _customers(company, care, web)
    return Money(customers, _orders(company, web, customers), _leads(company, web), _spend(company))


def _customers(company: Company, care: Care, web: Web) -> list[Customer]:
    rng = company.rng(61)
    threads = care.threads
    networks = np.array([p.network for p in company.profiles])[threads.profile]
    archive = np.array([p.source == ARCHIVE for p in company.profiles])[threads.profile]
    able = np.flatnonzero(
        ~archive & ~threads.is_mirrored & ~np.isin(networks, WITHOUT_IDS) & _has_written(care)
    )
    contacts, index = np.unique(threads.contact[able], return_index=True)
    places = networks[able[index]]
    chosen = np.flatnonzero(rng.random(len(contacts)) < CUSTOMER_SHARE).tolist()
    people: list[list[int]] = []
    for row in chosen:
        # Some write on two networks.
        if people and len(people[-1]) == 1 and rng.random() < 0.08:
            people[-1].append(row)
        else:
            people.append([row])
    people += [[] for _ in range(int(len(people) * STRANGER_SHARE))]
    visitors = np.unique(web.sessions.visitor[web.sessions.second_site])
    visitors = rng.permutation(visitors).tolist()
    result = []
    for number, rows in enumerate(people):
        became = company.first_day + int(rng.integers(-600, 120))
        left = -1
        if rng.random() < 0.25:
            left = company.first_day + int(rng.integers(130, 460))
        identities = []
        for row in rows:
            follows = rng.random() < FOLLOWER_SHARE
            since = became + int(rng.integers(-200, 200)) if follows else -1
            identities.append(Identity(str(places[row]), int(contacts[row]), follows, since))
        signed_in = len(visitors) > 0 and rng.random() < 0.3
        result.append(
            Customer(
                number,
                became,
                left,
                SEGMENTS[int(rng.integers(0, len(SEGMENTS)))],
                tuple(identities),
                visitors.pop() if signed_in else -1,
            )
        )
    return result


def _has_written(care: Care) -> np.ndarray:
    """Threads in which the customer wrote before the year was cut."""
    m = care.messages
    result = np.zeros(len(care.threads), dtype=bool)
    result[m["thread"][~m["out"] & ~m["own"]]] = True
    return result


def _orders(company: Company, web: Web, customers: list[Customer]) -> list[Order]:
    rng = company.rng(62)
    by_visitor = {c.visitor: c.number for c in customers if c.visitor >= 0}
    orders: list[Order] = []

    def add(purchase: int, customer: int, visitor: int, at: int, amount: float, **words: str):
        draw = rng.random()
        status, refunded, refunded_at = "paid", 0.0, -1
        if draw < 0.10:
            returned_at = at + int(rng.integers(2 * DAY, 40 * DAY))
            if returned_at < company.cut:
                whole = draw < 0.05
                status = "refunded" if whole else "partially_refunded"
                refunded = amount if whole else round(amount * 0.4, 2)
                refunded_at = returned_at
        elif purchase < 0 and draw < 0.15:
            status = "cancelled" if draw < 0.13 else "open"
        orders.append(
            Order(
                len(orders),
                purchase,
                customer,
                visitor,
                at,
                status,
                amount,
                refunded,
                refunded_at,
                words["currency"],
                words["channel"],
            )
        )

    for purchase in web.purchases:
        if rng.random() > 0.45:
            continue
        visitor = -1
        if purchase.second_site and purchase.session >= 0:
            visitor = int(web.sessions.visitor[purchase.session])
        at = purchase.at_us // 1_000_000 + int(rng.integers(2, 90))
        customer = by_visitor.get(visitor, int(rng.integers(0, max(1, len(customers)))))
        if customer < len(customers) and at < company.cut:
            add(
                purchase.number,
                customer,
                visitor,
                at,
                purchase.value,
                currency="USD",
                channel="web",
            )
    first = company.zone.midnight(company.first_day)
    for customer in customers:
        for _ in range(int(rng.poisson(1.3 + 0.7 * customer.follows_us))):
            since = min(max(first, customer.became * DAY), company.cut - DAY)
            at = int(rng.integers(since, company.cut))
            amount = round(float(rng.lognormal(4.2, 0.6)), 2)
            visitor = customer.visitor if rng.random() < 0.6 else -1
            words = {
                "currency": CURRENCIES[int(rng.integers(0, len(CURRENCIES)))],
                "channel": CHANNELS[1 + int(rng.integers(0, 2))],
            }
            if customer.left < 0 or at // DAY < customer.left:
                add(-1, customer.number, visitor, at, amount, **words)
    return orders


def _leads(company: Company, web: Web) -> list[Lead]:
    rng = company.rng(63)
    s = web.sessions
    result = []
    for row in np.flatnonzero(s.second_site).tolist():
        if rng.random() > 0.12:
            continue
        start = int(s.start_us[row]) // 1_000_000
        created = start + int(rng.integers(60, 1_000))
        state = LEAD_STATES[int(rng.choice(4, p=[0.3, 0.4, 0.2, 0.1]))]
        sold = created + int(rng.integers(1 * DAY, 30 * DAY)) if state == "won" else -1
        if sold >= company.cut:
            state, sold = "open", -1
        revenue = round(float(rng.lognormal(4.8, 0.5)), 2) if state == "won" else 0.0
        visitor = int(s.visitor[row]) if rng.random() < 0.7 else -1
        result.append(Lead(len(result), visitor, created, state, sold, revenue))
    return result


def _spend(company: Company) -> list[SpendDay]:
    rng = company.rng(64)
    # What a company of this size can pay and still earn more than it spends.
    size = max(0.05, 0.14 * company.messages / 14_000)
    result = []
    number = 0
    for platform, currency, mean, click, campaigns in PLATFORMS:
        for campaign in campaigns:
            number += 1
            for day in range(company.first_day, company.cut // DAY):
                if campaign not in ("brand_search", *CAMPAIGNS[:1]) and (day // 30 + number) % 3:
                    continue
                spend = round(float(rng.gamma(6, size * mean / 6)), 2)
                clicks = int(spend / click * rng.uniform(0.7, 1.3))
                conversions = float(rng.binomial(clicks, 0.02))
                result.append(
                    SpendDay(
                        platform,
                        1_201_000 + number,
                        campaign,
                        day,
                        spend,
                        currency,
                        clicks * int(rng.integers(20, 70)),
                        clicks,
                        conversions,
                        round(conversions * 80.0, 2),
                    )
                )
    return result
