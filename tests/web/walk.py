"""A thousand visitors drawn by chance, and their sessions by a walk through their events.

The written definition of a session belongs here, followed with loops: no SQL, no data frame, no
code of the product.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
SILENCE = timedelta(minutes=30)
SITE = "https://www.lumenworks.example"
CAMPAIGNS = ("spring", "summer", "autumn")
# Around midnight, around both clock changes of New York, and on a plain day.
BEGINNINGS = (
    datetime(2026, 3, 2, 4, 40),  # noqa: DTZ001
    datetime(2026, 3, 8, 6, 30),  # noqa: DTZ001
    datetime(2025, 11, 2, 5, 10),  # noqa: DTZ001
    datetime(2026, 1, 14, 17, 0),  # noqa: DTZ001
)
GAPS_S = (1, 20, 600, 1799, 1800, 1801, 3600, 5400, 36_000, 86_400)


@dataclass(frozen=True)
class Event:
    """What a browser sends. `session` is empty where the site gives no session id."""

    visitor: str
    session: str
    at: datetime
    name: str
    page: str
    referrer: str


@dataclass
class Session:
    """What a walk finds."""

    started_at: datetime
    ended_at: datetime
    started_on: date
    number: int
    events: int
    page_views: int
    source: str
    medium: str
    campaign: str | None


def visitors(count: int, *, with_ids: bool, seed: int) -> list[Event]:
    """Events of visitors, at most one an instant, some with a campaign in the middle."""
    rng = random.Random(seed)
    events = []
    for number in range(count):
        visitor = f"{seed}.{number}"
        at = rng.choice(BEGINNINGS) + timedelta(seconds=rng.randrange(3600))
        session = f"{int(at.replace(tzinfo=UTC).timestamp())}" if with_ids else ""
        for _ in range(rng.randrange(1, 13)):
            tagged = rng.random() < 0.15
            query = (
                f"?utm_source=newsletter&utm_medium=email&utm_campaign={rng.choice(CAMPAIGNS)}"
                if tagged
                else ""
            )
            events.append(
                Event(
                    visitor,
                    session,
                    at,
                    rng.choice(("page_view", "page_view", "scroll", "user_engagement")),
                    SITE + rng.choice(("/", "/pricing", "/docs")) + query,
                    rng.choice(("", "", SITE + "/", "https://t.co/a", "https://www.google.com/")),
                )
            )
            gap = rng.choice(GAPS_S)
            at += timedelta(seconds=gap)
            # The site's own idea of a session need not be half an hour.
            if with_ids and gap >= 1800 and rng.random() < 0.7:
                session = f"{int(at.replace(tzinfo=UTC).timestamp())}"
    return events


def sessions(events: list[Event]) -> dict[tuple[str, datetime], Session]:
    """Walk through the events of each visitor; keyed by visitor and first instant."""
    by_visitor = defaultdict(list)
    for event in events:
        by_visitor[event.visitor].append(event)
    found = {}
    for visitor, mine in by_visitor.items():
        mine.sort(key=lambda event: event.at)
        for number, visit in enumerate(_visits(mine), start=1):
            source, medium, campaign = _source(visit)
            first, last = visit[0].at, visit[-1].at
            found[visitor, first] = Session(
                started_at=first,
                ended_at=last,
                started_on=first.replace(tzinfo=UTC).astimezone(ZONE).date(),
                number=number,
                events=len(visit),
                page_views=sum(event.name == "page_view" for event in visit),
                source=source,
                medium=medium,
                campaign=campaign,
            )
    return found


def _visits(mine: list[Event]) -> list[list[Event]]:
    visits: list[list[Event]] = []
    for event in mine:
        if not visits:
            visits.append([event])
            continue
        before = visits[-1][-1]
        if event.session:
            is_same = event.session == before.session
        else:
            is_same = event.at - before.at < SILENCE
        if is_same:
            visits[-1].append(event)
        else:
            visits.append([event])
    return visits


def _source(visit: list[Event]) -> tuple[str, str, str | None]:
    for event in visit:
        words = parse_qs(urlsplit(event.page).query)
        if "utm_source" in words:
            return words["utm_source"][0], words["utm_medium"][0], words["utm_campaign"][0]
    for event in visit:
        host = urlsplit(event.referrer).hostname or ""
        if host == "t.co":
            return "t.co", "referral", None
        if host == "www.google.com":
            return "google.com", "organic", None
    return "(direct)", "(none)", None
