"""Visitors of the two sites: where each session came from, what was looked at, what was bought.

A visitor's journey is a list of sessions over months; some are the story of a social first touch
and an ad click ninety days later. How the analytics tool prints it is `writers.ga4`'s business,
which touch earns what is decided in `truth`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator.company import Company
from simulator.posts import CAMPAIGNS, Posts
from simulator.texts import CERTIFICATE_CONTENTS
from simulator.zones import DAY, HOUR

SITE = "https://www.lumenworks.example"
SECOND_SITE = "https://learn.lumenworks.example"


@dataclass(frozen=True)
class Arrival:
    """A way to come to the site, and what the KPI tables call it."""

    name: str
    channel: str
    network: str
    weight: float
    sources: tuple[str, ...] = ()
    medium: str = ""
    referrer: str = ""
    click_id: str = ""
    links_post: bool = False
    contents: tuple[str, ...] = ()

    @property
    def is_direct(self) -> bool:
        """Whether nothing is known about where the visit came from."""
        return self.channel == "Direct"

    @property
    def is_social(self) -> bool:
        """Whether the visit counts as social traffic."""
        return bool(self.network) or self.channel in ("Organic Social", "Paid Social")


ARRIVALS = (
    Arrival("direct", "Direct", "", 0.20),
    Arrival("own link", "Direct", "", 0.03, referrer=SITE + "/docs"),
    Arrival("google", "Organic Search", "", 0.22, referrer="https://www.google.com/"),
    Arrival(
        "google ads",
        "Paid Search",
        "",
        0.12,
        ("google",),
        "cpc",
        "https://www.google.com/",
        "gclid",
    ),
    Arrival("google ads auto", "Paid Search", "", 0.02, (), "", "https://www.google.com/", "gclid"),
    Arrival(
        "x post",
        "Organic Social",
        "x",
        0.11,
        ("x", "X", " x ", "x%20", "Twitter"),
        "social",
        "https://t.co/",
        "",
        True,
    ),
    Arrival(
        "care reply",
        "Organic Social",
        "x",
        0.012,
        ("x",),
        "social",
        "https://t.co/",
        contents=("care_steps", "care_request"),
    ),
    Arrival(
        "certificate reply",
        "Organic Social",
        "x",
        0.012,
        ("x",),
        "social",
        "https://t.co/",
        contents=CERTIFICATE_CONTENTS,
    ),
    Arrival("x untagged", "Organic Social", "x", 0.02, referrer="https://x.com/"),
    Arrival(
        "facebook", "Organic Social", "facebook", 0.04, ("facebook", "Facebook", "fb"), "social"
    ),
    Arrival(
        "facebook link",
        "Organic Social",
        "facebook",
        0.02,
        referrer="https://l.facebook.com/",
        click_id="fbclid",
    ),
    Arrival(
        "facebook ads",
        "Paid Social",
        "facebook",
        0.04,
        ("facebook", "FACEBOOK"),
        "paid_social",
        "https://l.facebook.com/",
    ),
    Arrival("instagram", "Organic Social", "instagram", 0.03, ("instagram", "IG"), "social"),
    Arrival("linkedin", "Organic Social", "linkedin", 0.025, referrer="https://lnkd.in/"),
    Arrival("bluesky", "Organic Social", "bluesky", 0.01, referrer="https://bsky.app/"),
    Arrival("threads", "Organic Social", "threads", 0.01, referrer="https://www.threads.net/"),
    Arrival("youtube", "Organic Video", "youtube", 0.02, referrer="https://www.youtube.com/"),
    Arrival("assistant", "AI Assistant", "", 0.025, referrer="https://chatgpt.com/"),
    Arrival("perplexity", "AI Assistant", "", 0.01, referrer="https://www.perplexity.ai/"),
    Arrival("newsletter", "Email", "", 0.03, ("newsletter",), "email"),
    Arrival("partner", "Referral", "", 0.03, referrer="https://blog.partner.example/tools"),
)
BY_NAME = {arrival.name: i for i, arrival in enumerate(ARRIVALS)}

# The second site's own words: source, medium, referrer.
SECOND_ARRIVALS = (
    (
        Arrival("meta", "Paid Social", "facebook", 0.3),
        "Meta",
        "paid_social",
        "https://l.facebook.com/",
    ),
    (Arrival("ads", "Paid Search", "", 0.3), "Google Ads", "cpc", "https://www.google.com/"),
    (Arrival("direct", "Direct", "", 0.2), "Direct", "(none)", ""),
    (Arrival("organic", "Organic Search", "", 0.1), "Organic", "organic", ""),
    (Arrival("x", "Organic Social", "x", 0.1), "x", "social", "https://t.co/"),
)
# Measured: all events, those without consent included, by sessions.
EVENTS_PER_SESSION = 4.28
PAGES = ("/", "/pricing", "/blog", "/docs", "/tracker", "/boards", "/certificates")


@dataclass
class Sessions:
    """Sessions in order of time. `start_us` are microseconds since 1970."""

    visitor: np.ndarray
    start_us: np.ndarray
    arrival: np.ndarray
    post: np.ndarray
    spelling: np.ndarray
    pages: np.ndarray
    second_site: np.ndarray


@dataclass
class Purchase:
    """A purchase; `session` is -1 without consent, `repeats_us` are reloads of the thanks."""

    number: int
    at_us: int
    session: int
    value: float
    second_site: bool
    repeats_us: list[int] = field(default_factory=list)


@dataclass
class Web:
    """The web year: sessions, purchases, and page views of people without consent."""

    sessions: Sessions
    purchases: list[Purchase]
    anonymous_us: np.ndarray


def browse(company: Company, posts: Posts) -> Web:
    """Draw visitors, their sessions and purchases."""
    rng = company.rng(41)
    n = int(min(40_000, max(900, company.messages * 1.75)))
    if company.web_events is not None:
        n = max(900, int(company.web_events / EVENTS_PER_SESSION))
    visitors = max(200, int(n * 0.55))
    first = company.zone.midnight(company.first_day)
    last = company.zone.midnight(company.last_day + 1)
    weights = np.array([a.weight for a in ARRIVALS])

    visitor = rng.integers(0, visitors, n)
    start = first + rng.random(n) ** 0.85 * (last - first - 2 * HOUR)
    start = start.astype(np.int64)
    arrival = rng.choice(len(ARRIVALS), size=n, p=weights / weights.sum())
    # Social brings a growing part of the traffic.
    late = (start - first) / (last - first)
    social = rng.random(n) < 0.10 * late
    arrival = np.where(social, BY_NAME["x post"], arrival)
    second = rng.random(visitors)[visitor] < 0.06
    arrival = np.where(
        second,
        rng.choice(len(SECOND_ARRIVALS), size=n, p=[a.weight for a, *_ in SECOND_ARRIVALS]),
        arrival,
    )

    stories = journey_stories(company, rng, visitors, max(16, n // 150), first, last)
    visitor = np.concatenate([visitor, stories["visitor"]])
    start = np.concatenate([start, stories["start"]])
    arrival = np.concatenate([arrival, stories["arrival"]])
    second = np.concatenate([second, np.zeros(len(stories["visitor"]), dtype=bool)])
    buys = np.concatenate([rng.random(n) < 0.035, stories["buys"]])

    # A visitor has one session at a time: a session id is its first second.
    order = np.lexsort((start, visitor))
    same = (np.diff(visitor[order]) == 0) & (np.diff(start[order]) < HOUR)
    keep = np.ones(len(order), dtype=bool)
    keep[1:] = ~same
    chosen = order[keep]
    chosen = chosen[start[chosen] < company.cut - 3 * HOUR]
    chosen = chosen[np.argsort(start[chosen], kind="stable")]
    visitor, start, arrival = visitor[chosen], start[chosen], arrival[chosen]
    second, buys = second[chosen], buys[chosen]
    m = len(chosen)

    micro = np.where(
        second | np.isin(chosen, stories["exact_rows"] + n), 0, rng.integers(0, 1_000_000, m)
    )
    post = np.full(m, -1, dtype=np.int64)
    tagged = ~second & (arrival == BY_NAME["x post"])
    if len(posts):
        latest = np.searchsorted(posts.posted_at, start, side="right") - 1
        pick = latest - rng.integers(0, 12, m)
        post = np.where(tagged & (pick >= 0), pick, -1)
    sessions = Sessions(
        visitor=visitor,
        start_us=start * 1_000_000 + micro,
        arrival=arrival,
        post=post,
        spelling=rng.integers(0, 60, m),
        pages=1 + np.minimum(rng.geometric(0.45, m), 6),
        second_site=second,
    )
    return Web(
        sessions=sessions,
        purchases=purchases(company, rng, sessions, buys, stories, chosen, n),
        anonymous_us=np.sort(
            rng.integers(first, min(last, company.cut - DAY), max(20, n // 12)) * 1_000_000
        ),
    )


def journey_stories(
    company: Company, rng: np.random.Generator, visitors: int, n: int, first: int, last: int
) -> dict[str, np.ndarray]:
    """Journeys from a social first touch to a purchase 89 to 181 days later, some on the edge."""
    gap_days = rng.choice([89, 90, 91, 92, 120, 179, 180, 181], size=n)
    exact = rng.random(n) < 0.4
    gap = gap_days * DAY + np.where(exact, 0, rng.integers(0, 20 * HOUR, n))
    touch = first + rng.integers(0, max(1, last - first - 182 * DAY), n)
    who = visitors + np.arange(n)
    middle = touch + gap // 2
    names = ["x post", "facebook", "linkedin", "youtube", "google", "direct"]
    first_arrival = np.array([BY_NAME[x] for x in names])[
        rng.choice(6, size=n, p=[0.5, 0.15, 0.1, 0.1, 0.1, 0.05])
    ]
    visitor = np.concatenate([who, who, who])
    start = np.concatenate([touch, middle, touch + gap])
    arrival = np.concatenate(
        [
            first_arrival,
            np.full(n, BY_NAME["direct"]),
            np.where(rng.random(n) < 0.7, BY_NAME["google ads"], BY_NAME["direct"]),
        ]
    )
    buys = np.concatenate([np.zeros(2 * n, dtype=bool), np.ones(n, dtype=bool)])
    rows = np.arange(3 * n)
    exact_rows = rows[np.concatenate([exact, np.zeros(n, dtype=bool), exact])]
    return {
        "visitor": visitor,
        "start": start,
        "arrival": arrival,
        "buys": buys,
        "exact_rows": exact_rows,
    }


def purchases(
    company: Company,
    rng: np.random.Generator,
    sessions: Sessions,
    buys: np.ndarray,
    stories: dict[str, np.ndarray],
    chosen: np.ndarray,
    n: int,
) -> list[Purchase]:
    """Purchases of the sessions that buy, and a few of people without consent."""
    exact = np.isin(chosen, stories["exact_rows"] + n)
    result: list[Purchase] = []
    for row in np.flatnonzero(buys).tolist():
        # An exact story buys in the very microsecond its session starts.
        delay = 0 if exact[row] else int(rng.integers(60, 1500)) * 1_000_000
        at = int(sessions.start_us[row]) + delay
        value = round(float(rng.lognormal(4.3, 0.7)), 2)
        repeats = []
        if rng.random() < 0.08:
            repeats.append(at + int(rng.integers(5, 600)) * 1_000_000)
        result.append(
            Purchase(len(result), at, row, value, bool(sessions.second_site[row]), repeats)
        )
    end = min(int(sessions.start_us.max(initial=0)), (company.cut - DAY) * 1_000_000)
    start = company.zone.midnight(company.first_day) * 1_000_000
    for _ in range(max(4, len(result) // 20)):
        at = int(rng.integers(start, end))
        value = round(float(rng.lognormal(4.3, 0.7)), 2)
        result.append(Purchase(len(result), at, -1, value, False))
    return result


def campaign_of(arrival: Arrival, post: int, posts: Posts, row: int) -> str:
    """The campaign a link carries."""
    if post >= 0:
        return CAMPAIGNS[int(posts.campaign[post])]
    return CAMPAIGNS[row % len(CAMPAIGNS)] if arrival.sources else ""


def content_of(arrival: Arrival, post: int, posts: Posts, row: int) -> str:
    """The content a link carries: the post it stands in, or the reply that sent people here."""
    if post >= 0:
        return "" if posts.shares_link[post] else posts.post_id[post]
    return arrival.contents[row % len(arrival.contents)] if arrival.contents else ""
