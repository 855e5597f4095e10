"""Visits, conversions and credit of the web events, counted with loops.

The written definitions belong here, followed a second time: no SQL, no data frame, no rule seed and
no code of the product. What is compared with what is said in the tests.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tests.oracle import attribution
from tests.real.by_hand import key

FILE = "web_events/events/ga4_flat_events.csv"
OUTCOMES = "crm/outcomes/crm_outcomes.csv"

# What the shop's own words for a visit's origin mean: channel group, and network if it is social.
CHANNELS = {
    ("Meta", "paid_social"): ("Paid Social", "facebook"),
    ("Google Ads", "cpc"): ("Paid Search", None),
    ("Organic", "organic"): ("Organic Search", None),
    ("Direct", "(none)"): ("Direct", None),
    ("Unknown", "(not set)"): ("Unassigned", None),
}
UNTOLD = ("Direct", "Unknown")


@dataclass(frozen=True)
class Visit:
    """A session of a visitor, from all of its events."""

    key: str
    visitor: str
    word: str
    channel_group: str
    network: str | None
    started_at: datetime
    ended_at: datetime
    events: int
    page_views: int
    leads: int
    purchases: int

    @property
    def is_told(self) -> bool:
        """Whether anything says who sent the visitor."""
        return self.word not in UNTOLD


@dataclass(frozen=True)
class Conversion:
    """A lead or a purchase; one that the site never saw has no visit."""

    kind: str
    visitor: str | None
    visit: str | None
    converted_at: datetime
    transaction: str | None
    value: float | None = None

    @property
    def name(self) -> str:
        """What tells conversions apart: not all carry an order or a quote number."""
        return f"{self.kind} {self.visit or self.visitor} {self.converted_at}"


def visitor_key(visitor: str, secret: str) -> str:
    """The warehouse's key of a visitor, whose id it never keeps."""
    inner = hashlib.sha256((secret + visitor).encode()).hexdigest()
    pseudonym = "c_" + hashlib.sha256((secret + inner).encode()).hexdigest()[:20]
    return key("web_events", pseudonym)


def visits(events: Iterable[dict[str, str]], secret: str) -> list[Visit]:
    """Sessions: the events of one visitor that carry one session id."""
    grouped = defaultdict(list)
    for event in events:
        grouped[event["user_pseudo_id"], event["session_id"]].append(event)
    found = []
    for (visitor, session), group in grouped.items():
        (origin,) = {(event["source"], event["medium"]) for event in group}
        instants = [_instant(event) for event in group]
        names = [event["event_name"] for event in group]
        channel_group, network = CHANNELS[origin]
        visitor = visitor_key(visitor, secret)
        found.append(
            Visit(
                key=key("web_events", visitor, session),
                visitor=visitor,
                word=origin[0],
                channel_group=channel_group,
                network=network,
                started_at=min(instants),
                ended_at=max(instants),
                events=len(group),
                page_views=names.count("page_view"),
                leads=names.count("generate_lead"),
                purchases=names.count("purchase"),
            )
        )
    return found


def conversions(
    events: Iterable[dict[str, str]], outcomes: Iterable[dict[str, str]], secret: str
) -> list[Conversion]:
    """Leads and purchases; of events with one order or quote number the first counts.

    What a purchase was worth the customer database knows, by its order or quote number. What it
    sold and the site never saw belongs to the visitor who asked for the quote, else to the one in
    whose last session before the sale the buyer was signed in.
    """
    sold = [row for row in outcomes if row["status"] == "won"]
    kinds = {
        "generate_lead": ("lead", "quote_number_after_generated"),
        "purchase": ("purchase", "order_id_after_generated"),
    }
    found, seen, bought = [], set(), set()
    askers: dict[str, str] = {}
    ordered = sorted(events, key=_instant)
    for event in ordered:
        if event["event_name"] not in kinds:
            continue
        kind, number = kinds[event["event_name"]]
        transaction, quote = event[number] or None, event["quote_number_after_generated"]
        visitor = visitor_key(event["user_pseudo_id"], secret)
        askers.setdefault(quote, visitor)
        if transaction is not None and (kind, transaction) in seen:
            continue
        seen.add((kind, transaction))
        (sale,) = [
            row
            for row in sold
            if kind == "purchase" and (row["order_id"] == transaction or row["quote_id"] == quote)
        ] or [None]
        if sale is not None:
            bought.add(sale["lead_id"])
        value = float(sale["revenue"]) if sale else None
        visit = key("web_events", visitor, event["session_id"])
        found.append(Conversion(kind, visitor, visit, _instant(event), transaction, value))
    for sale in sold:
        if sale["lead_id"] in bought:
            continue
        at = datetime.fromisoformat(sale["sale_at"])
        signed_in = [
            event
            for event in ordered
            if event["user_id_ui"] == sale["backend_user_id"] and _instant(event) <= at
        ]
        visitor = askers.get(sale["quote_id"])
        if visitor is None and signed_in:
            visitor = visitor_key(signed_in[-1]["user_pseudo_id"], secret)
        number, value = sale["order_id"] or None, float(sale["revenue"])
        found.append(Conversion("purchase", visitor, None, at, number, value))
    return found


def credit(
    conversions: Iterable[Conversion], visits: Iterable[Visit]
) -> dict[tuple[str, str | None, str], float]:
    """Credit by conversion, visit and model; a conversion has one credit to give in each model."""
    return attribution.credit_given(
        [
            attribution.Purchase(
                one.name, one.visitor, one.converted_at, one.kind == "purchase", one.value
            )
            for one in conversions
        ],
        [
            attribution.Visit(
                visit.key,
                visit.visitor,
                visit.started_at,
                f"{visit.channel_group}: {visit.network}" if visit.network else visit.channel_group,
                visit.is_told,
            )
            for visit in visits
        ],
    )


def _instant(event: dict[str, str]) -> datetime:
    return datetime.fromisoformat(event["event_timestamp"])
