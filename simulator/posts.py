"""What the company publishes on X, and how the lifetime numbers of each post grow.

Numbers are a function of the post and the day they are looked at, so that every export of the
same day agrees; some shrink later, when a network takes spam accounts away. Files are written in
`writers.x`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.company import CONFERENCE_DAYS, LAUNCH_DAY, Company
from simulator.zones import DAY, HOUR, day_number

METRICS = (
    "impressions",
    "engagements",
    "reposts",
    "replies",
    "likes",
    "bookmarks",
    "shares",
    "profile_clicks",
    "url_clicks",
    "hashtag_clicks",
    "detail_expands",
    "permalink_clicks",
    "follows",
    "media_views",
    "media_engagements",
)
RATES = (1.0, 0.0, 0.004, 0.002, 0.014, 0.001, 0.0005, 0.003, 0.009, 0.001, 0.008, 0.001, 0.0006)
THEMES = (
    "Five habits of teams that ship on Fridays",
    "How support writes its knowledge base in Lumen Pages",
    "New in Lumen Boards: timelines 🎉\n\nSee what changed",
    "Meet the people behind Lumen Tracker",
    "Your certificate, your career: the free course is open again",
    "Release notes are out",
    "=2*3 ways to plan a sprint",
)
CAMPAIGNS = ("always_on", "spring_launch", "conference_2025", "certificates", "winter_sale")


@dataclass
class Posts:
    """Published posts in order of time; `final` has one column a metric of `METRICS`.

    Some posts of a campaign carry one link between them, so that nobody can tell their visitors
    apart.
    """

    post_id: list[str]
    handle: list[str]
    profile: np.ndarray
    posted_at: np.ndarray
    deleted_at: np.ndarray
    purged: np.ndarray
    final: np.ndarray
    text: list[str]
    campaign: np.ndarray
    link: list[str]
    shares_link: np.ndarray

    def __len__(self) -> int:
        return len(self.post_id)

    def metrics_at(self, rows: np.ndarray, t: int) -> np.ndarray:
        """Lifetime values of some posts as seen at `t`, one column a metric."""
        age = np.maximum(t - self.posted_at[rows], 0) / DAY
        grown = 1 - 0.75 * np.exp(-age / 4.0) - 0.25 * np.exp(-age / 40.0)
        values = self.final[rows] * grown[:, None]
        shrunk = self.purged[rows] & (age > 45)
        values[shrunk] *= np.array([0.985, 1, 0.9, 1, 0.92, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
        whole = np.floor(values).astype(np.int64)
        column = {name: i for i, name in enumerate(METRICS)}
        parts = ("reposts", "replies", "likes", "profile_clicks", "url_clicks", "hashtag_clicks")
        parts += ("detail_expands", "permalink_clicks", "follows")
        whole[:, column["engagements"]] = sum(whole[:, column[name]] for name in parts)
        return whole


def publish(company: Company) -> Posts:
    """Draw the posts of the year for the company's X profiles."""
    rng = company.rng(21)
    n = max(40, min(2_000, company.messages // 34))
    profiles = [i for i, p in enumerate(company.profiles) if p.source == "x"]
    days = rng.integers(company.first_day, company.last_day + 1, n)
    near = rng.random(n)
    days = np.where(near < 0.05, day_number(LAUNCH_DAY) + rng.integers(0, 5, n), days)
    days = np.where(near > 0.95, day_number(CONFERENCE_DAYS[0]) + rng.integers(0, 3, n), days)
    posted = days * DAY + rng.integers(6 * HOUR, 24 * HOUR, n) // 60 * 60
    posted = np.sort(posted)
    profile = rng.choice(profiles, size=n, p=np.linspace(1.4, 0.6, len(profiles)) / len(profiles))
    impressions = rng.lognormal(7.4, 0.9, n)
    final = np.zeros((n, len(METRICS)))
    for i, rate in enumerate(RATES):
        final[:, i] = impressions * (rate if i else 1.0) * rng.gamma(3, 1 / 3, n)
    final[:, 0] = impressions
    final[:, 13] = impressions * 0.2 * (rng.random(n) < 0.3)
    quiet = rng.random(n) < 0.02
    final[quiet] = 0
    deleted = np.where(
        rng.random(n) < 0.03, posted + rng.integers(2 * DAY, 90 * DAY, n), np.int64(2**62)
    )
    ids = [
        str(1_874_000_000_000_000_000 + int(t - posted[0]) * 4_194_304_000 // 1000 * 1000 + i)
        for i, t in enumerate(posted)
    ]
    handles = [company.profiles[int(p)].profile_id for p in profile]
    campaign = rng.integers(0, len(CAMPAIGNS), n)
    shares_link = company.rng(25).random(n) < 0.15
    links, texts = [], []
    for i in range(n):
        theme = THEMES[int(rng.integers(0, len(THEMES)))]
        link = (
            "https://www.lumenworks.example/blog?utm_source=x&utm_medium=social"
            f"&utm_campaign={CAMPAIGNS[int(campaign[i])]}"
        )
        link += "" if shares_link[i] else f"&utm_content={ids[i]}"
        links.append(link)
        answer = "@some_customer " if rng.random() < 0.15 else ""
        texts.append(f"{answer}{theme} {link}")
    return Posts(
        post_id=ids,
        handle=handles,
        profile=profile,
        posted_at=posted,
        deleted_at=deleted,
        purged=rng.random(n) < 0.15,
        final=final,
        text=texts,
        campaign=campaign,
        link=links,
        shares_link=shares_link,
    )


@dataclass(frozen=True)
class PostExport:
    """One file: posts of a handle published in [first, until), exported at `until`."""

    handle: str
    first: int
    until: int
    is_legacy: bool


LEGACY_UNTIL = "2025-07-01"


def post_exports(company: Company) -> list[PostExport]:
    """The files of the year: every month, later with the two before again, and longer ones."""
    handles = sorted({p.profile_id for p in company.profiles if p.source == "x"})
    months = [company.first_day * DAY, *company.month_exports]
    exports = []
    for handle in handles:
        for i in range(1, len(months)):
            legacy = months[i] <= day_number(LEGACY_UNTIL) * DAY
            first = months[max(0, i - (1 if legacy else 3))]
            exports.append(PostExport(handle, first, months[i], legacy))
            if legacy and i in (3, 6):
                exports.append(PostExport(handle, months[0], months[i], True))
    return exports


def rows_of(posts: Posts, export: PostExport) -> np.ndarray:
    """Posts in one file: published in its range and not deleted when it was exported."""
    mine = np.array([handle == export.handle for handle in posts.handle])
    return np.flatnonzero(
        mine
        & (posts.posted_at >= export.first)
        & (posts.posted_at < export.until)
        & (posts.deleted_at > export.until)
    )
