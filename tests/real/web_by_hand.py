"""Visits, conversions and credit of the web events, counted with loops.

The written definitions belong here, followed a second time: no SQL, no data frame, no rule seed and
no code of the product. What is compared with what is said in the tests.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.real.by_hand import key

FILE = "web_events/events/ga4_flat_events.csv"

LOOKBACK = timedelta(days=180)
MODELS = ("last_touch", "last_non_direct", "first_touch", "linear")

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
    """A lead or a purchase."""

    kind: str
    visitor: str
    visit: str
    converted_at: datetime
    transaction: str | None

    @property
    def name(self) -> tuple[str, str, datetime]:
        """What tells conversions apart: not all carry an order or a quote number."""
        return self.kind, self.visit, self.converted_at


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


def conversions(events: Iterable[dict[str, str]], secret: str) -> list[Conversion]:
    """Leads and purchases; of events with one order or quote number the first counts."""
    found, seen = [], set()
    kinds = {
        "generate_lead": ("lead", "quote_number_after_generated"),
        "purchase": ("purchase", "order_id_after_generated"),
    }
    for event in sorted(events, key=_instant):
        if event["event_name"] not in kinds:
            continue
        kind, number = kinds[event["event_name"]]
        transaction = event[number] or None
        if transaction is not None and (kind, transaction) in seen:
            continue
        seen.add((kind, transaction))
        visitor = visitor_key(event["user_pseudo_id"], secret)
        visit = key("web_events", visitor, event["session_id"])
        found.append(Conversion(kind, visitor, visit, _instant(event), transaction))
    return found


def credit(
    conversions: Iterable[Conversion], visits: Iterable[Visit]
) -> dict[tuple[tuple[str, str, datetime], str, str], float]:
    """Credit by conversion, model and visit; a conversion has one credit to give in each model."""
    by_visitor = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: (visit.started_at, visit.key)):
        by_visitor[visit.visitor].append(visit)
    given: dict[tuple[tuple[str, str, datetime], str, str], float] = {}
    for conversion in conversions:
        touches = [
            visit
            for visit in by_visitor[conversion.visitor]
            if timedelta(0) <= conversion.converted_at - visit.started_at <= LOOKBACK
        ]
        told = [visit for visit in touches if visit.is_told] or touches
        shares = {
            "last_touch": touches[-1:],
            "last_non_direct": told[-1:],
            "first_touch": told[:1],
            "linear": told,
        }
        for model, chosen in shares.items():
            for visit in chosen:
                given[conversion.name, model, visit.key] = 1 / len(chosen)
    return given


def _instant(event: dict[str, str]) -> datetime:
    return datetime.fromisoformat(event["event_timestamp"])
