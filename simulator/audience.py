"""What the company publishes beside X, who follows its profiles, and how far both reach.

Posts have lifetime numbers that grow with their age; profiles have days with numbers of their own
and windows of reach that nobody can add up. Numbers are a function of the thing and of the instant
it is looked at, so that exports of one instant agree. Files are written in `writers`, each network
by its own module; what the numbers mean is decided in `truth`. Posts on X are `posts`' business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.care import POST, Care
from simulator.company import CONFERENCE_DAYS, LAUNCH_DAY, SPROUT, Company
from simulator.posts import CAMPAIGNS, Posts
from simulator.writers.ids import network_message_ids
from simulator.zones import DAY, HOUR, day_number

# Lifetime numbers of a post; `reactions` and `engagements_native` follow from the others.
KINDS = ("like", "love", "care", "haha", "wow", "sad", "angry", "other")
REACTIONS = tuple(f"reactions_{kind}" for kind in KINDS)
METRICS = (
    "impressions",
    "reach",
    *REACTIONS,
    "comments",
    "shares",
    "saves",
    "link_clicks",
    "other_clicks",
    "video_views",
    "follows",
    "reactions",
    "engagements_native",
)
COLUMN = {name: i for i, name in enumerate(METRICS)}
RATES = {
    "reach": 0.8,
    "reactions_like": 0.02,
    "comments": 0.003,
    "shares": 0.003,
    "link_clicks": 0.012,
    "other_clicks": 0.01,
}
FACEBOOK_RATES = {
    "reactions_love": 0.006,
    "reactions_care": 0.001,
    "reactions_haha": 0.001,
    "reactions_wow": 0.001,
    "reactions_sad": 0.0003,
    "reactions_angry": 0.0006,
}
# Numbers of a profile's own day; followers are those at its end.
DAY_METRICS = (
    "followers",
    "followers_gained",
    "followers_lost",
    "posts_published",
    "impressions",
    "reactions",
    "comments",
    "shares",
    "saves",
    "link_clicks",
    "other_clicks",
    "video_views",
    "profile_views",
    "engagements_native",
)
# A day's numbers are not final for this long after it: an export that near shows less.
UNSETTLED_DAYS = 2
UNSETTLED_SHARE = 0.9
SETTLED_AT_ONCE = ("followers", "followers_gained", "followers_lost", "posts_published")
WINDOWS = (1, 7, 28)
REACH_KINDS = ("total", "organic", "paid")

# What each export carries; the truth adds up what is listed here and nothing else.
POST_METRICS: dict[str, tuple[str, ...]] = {
    "facebook": (
        "impressions",
        "reach",
        "reactions",
        *REACTIONS[:-1],
        "comments",
        "shares",
        "link_clicks",
        "other_clicks",
        "video_views",
    ),
    "instagram": (
        "impressions",
        "reach",
        "reactions",
        "reactions_like",
        "comments",
        "shares",
        "saves",
        "follows",
        "engagements_native",
    ),
    "linkedin": (
        "impressions",
        "reactions",
        "reactions_like",
        "comments",
        "shares",
        "link_clicks",
        "engagements_native",
    ),
    "youtube": (
        "impressions",
        "reactions",
        "reactions_like",
        "comments",
        "shares",
        "video_views",
        "follows",
    ),
    SPROUT: (
        "impressions",
        "reach",
        "reactions",
        "reactions_like",
        "comments",
        "shares",
        "saves",
        "link_clicks",
        "video_views",
        "engagements_native",
    ),
}
PROFILE_METRICS: dict[str, tuple[str, ...]] = {
    "x": (
        "followers_gained",
        "followers_lost",
        "posts_published",
        "impressions",
        "reactions",
        "comments",
        "shares",
        "saves",
        "profile_views",
        "video_views",
        "engagements_native",
    ),
    "facebook": (
        "followers",
        "followers_gained",
        "followers_lost",
        "impressions",
        "engagements_native",
        "profile_views",
    ),
    "instagram": (
        "followers",
        "followers_gained",
        "followers_lost",
        "impressions",
        "reactions",
        "comments",
        "shares",
        "saves",
        "profile_views",
        "engagements_native",
    ),
    "linkedin": (
        "followers",
        "followers_gained",
        "impressions",
        "reactions",
        "comments",
        "shares",
        "link_clicks",
    ),
    "youtube": (),
    SPROUT: (
        "followers",
        "followers_gained",
        "followers_lost",
        "posts_published",
        "impressions",
        "reactions",
        "comments",
        "shares",
        "video_views",
        "engagements_native",
    ),
}
# Reach of windows (days) each export tells.
REACH_WINDOWS = {"facebook": (1, 7, 28), "instagram": (1, 28)}


@dataclass(frozen=True)
class Account:
    """A profile the company publishes on.

    `source` exports it and `export_id` is its number there; `profile_id` is its name on the
    network; `also_in_sprout` is its number in the tool that reports some networks a second time.
    """

    source: str
    network: str
    profile_id: str
    export_id: str
    name: str
    product: str
    day_zone: str
    followers: int
    also_in_sprout: str = ""

    @property
    def sprout_id(self) -> str:
        """Its number in Sprout, or nothing."""
        return self.export_id if self.source == SPROUT else self.also_in_sprout


# (source, network, profile, number in the export, zone of its days, followers, number in Sprout).
# The last network is on nobody's list: it only comes through the tool.
PLACES = (
    ("x", "x", "lumenworks", "lumenworks", "UTC", 21_000, "4100012"),
    ("x", "x", "lumenboards", "lumenboards", "UTC", 6_400, ""),
    (
        "facebook",
        "facebook",
        "104857600000001",
        "104857600000001",
        "America/Los_Angeles",
        33_000,
        "",
    ),
    (
        "instagram",
        "instagram",
        "lumenboards",
        "17841400000000001",
        "America/Los_Angeles",
        12_500,
        "4100011",
    ),
    ("linkedin", "linkedin", "2414183", "2414183", "UTC", 18_200, ""),
    ("youtube", "youtube", "lumenworks", "lumenworks", "America/Los_Angeles", 9_100, ""),
    (SPROUT, "tiktok", "lumenworks", "4100002", "UTC", 15_000, ""),
    (SPROUT, "threads", "lumenworks", "4100003", "UTC", 4_800, ""),
    (SPROUT, "chirrup", "lumenworks", "4100010", "UTC", 700, ""),
)
POST_TYPES = {
    "facebook": ("photo", "video", "link", "status"),
    "instagram": ("IMAGE", "VIDEO", "CAROUSEL_ALBUM"),
    "linkedin": ("ARTICLE", "IMAGE", "VIDEO"),
    "youtube": ("video", "short"),
    "tiktok": ("TIKTOK_VIDEO",),
    "threads": ("THREADS_POST",),
    "chirrup": ("CHIRRUP_POST",),
}
CAPTIONS = (
    "Five boards that run themselves ✨\nSave this for Monday",
    "Behind the scenes: how Lumen Pages writes its release notes",
    "Our free course is open again. Who gets a certificate this month?",
    'Lumen Tracker, 3.0; "the quiet release"',
    "=3+4 reasons to like Mondays #lumenlife",
    "مرحبا بكم في Lumen Boards 🚀\n\nNew: right-to-left boards",
)


@dataclass
class NetworkPosts:
    """Posts beside X in order of time; `final` has one column a metric of `METRICS`.

    `account` is a position in `accounts`, `publisher` one among the company's agents,
    `care_message` the message of the care year that it is, -1 where the inbox has none.
    """

    accounts: list[Account]
    account: np.ndarray
    post_id: list[str]
    posted_at: np.ndarray
    deleted_at: np.ndarray
    post_type: list[str]
    text: list[str]
    permalink: list[str]
    publisher: np.ndarray
    campaign: np.ndarray
    is_boosted: np.ndarray
    duration_s: np.ndarray
    purged: np.ndarray
    final: np.ndarray
    care_message: np.ndarray

    def __len__(self) -> int:
        return len(self.post_id)

    def metrics_at(self, rows: np.ndarray, t: int) -> np.ndarray:
        """Lifetime values of some posts as seen at `t`, whole numbers, one column a metric."""
        age = np.maximum(t - self.posted_at[rows], 0) / DAY
        grown = 1 - 0.75 * np.exp(-age / 3.0) - 0.25 * np.exp(-age / 30.0)
        values = self.final[rows] * grown[:, None]
        shrunk = self.purged[rows] & (age > 45)
        values[shrunk] *= 0.93
        whole = np.floor(values).astype(np.int64)
        whole[:, COLUMN["reactions"]] = sum(whole[:, COLUMN[name]] for name in REACTIONS)
        parts = ("reactions", "comments", "shares", "saves", "link_clicks", "other_clicks")
        whole[:, COLUMN["engagements_native"]] = sum(whole[:, COLUMN[name]] for name in parts)
        return whole


@dataclass
class ProfileDays:
    """Numbers of every account and day; `final` has a matrix (account × day) for each metric.

    `reach` has, for each window in days and kind, a matrix (account × day the window ends on).
    """

    accounts: list[Account]
    first_day: int
    final: dict[str, np.ndarray]
    reach: dict[tuple[int, str], np.ndarray]

    def value(self, account: int, metric: str, day: int, exported_at: int) -> int:
        """A number of a day as an export shows it."""
        whole = int(self.final[metric][account, day - self.first_day])
        fresh = exported_at // DAY - day <= UNSETTLED_DAYS
        if fresh and metric not in SETTLED_AT_ONCE:
            return int(whole * UNSETTLED_SHARE)
        return whole


@dataclass
class Audience:
    """The year's posts beside X, the days of all profiles, and who is who."""

    accounts: list[Account]
    posts: NetworkPosts
    days: ProfileDays


@dataclass(frozen=True)
class AudienceExport:
    """One file of an account (position in the list): of [first, until), exported at `until`.

    Posts are those published then; days are those that begin then.
    """

    account: int
    first: int
    until: int


def accounts_of(company: Company) -> list[Account]:
    """The profiles the company publishes on, described by the seed."""
    described = {(p.source, p.profile_id.lower()): p for p in company.profiles}
    result = []
    for source, network, profile_id, export_id, zone, followers, sprout in PLACES:
        profile = described.get((network, profile_id)) or described.get((source, export_id))
        result.append(
            Account(
                source,
                network,
                profile_id,
                export_id,
                profile.name if profile else profile_id,
                profile.product if profile else "",
                zone,
                followers,
                sprout,
            )
        )
    return result


def post_exports(company: Company, accounts: list[Account]) -> list[AudienceExport]:
    """Files of posts: every month the posts of three months; videos all there are."""
    months = [company.first_day * DAY, *company.month_exports]
    return [
        AudienceExport(
            number, months[0 if account.source == "youtube" else max(0, i - 3)], months[i]
        )
        for number, account in enumerate(accounts)
        if account.source != "x"
        for i in range(1, len(months))
    ]


def rows_of(posts: NetworkPosts, export: AudienceExport) -> np.ndarray:
    """Posts in one file: published in its range and not deleted when it was exported."""
    return np.flatnonzero(
        (posts.account == export.account)
        & (posts.posted_at >= export.first)
        & (posts.posted_at < export.until)
        & (posts.deleted_at > export.until)
    )


def day_exports(company: Company, accounts: list[Account]) -> list[AudienceExport]:
    """Files of profile days: every month the days since three before the export before it."""
    months = [company.first_day * DAY, *company.month_exports]
    return [
        AudienceExport(number, max(months[0], months[i - 1] - 3 * DAY), months[i])
        for number, account in enumerate(accounts)
        if PROFILE_METRICS[account.source]
        for i in range(1, len(months))
    ]


def days_of(export: AudienceExport) -> range:
    """Day numbers in one file of profile days."""
    return range(export.first // DAY, export.until // DAY)


def publish(company: Company, x_posts: Posts, care: Care) -> Audience:
    """Draw the posts of all networks but X, and the days of all profiles."""
    accounts = accounts_of(company)
    posts = _with_inbox(company, care, _posts(company, accounts))
    return Audience(accounts, posts, _days(company, accounts, posts, x_posts))


def _posts(company: Company, accounts: list[Account]) -> NetworkPosts:
    rng = company.rng(22)
    places = [i for i, a in enumerate(accounts) if a.source != "x"]
    n = max(20, min(500, company.messages // 70)) * len(places)
    account = rng.choice(places, size=n)
    days = rng.integers(company.first_day, company.last_day + 1, n)
    near = rng.random(n)
    days = np.where(near < 0.05, day_number(LAUNCH_DAY) + rng.integers(0, 5, n), days)
    days = np.where(near > 0.95, day_number(CONFERENCE_DAYS[0]) + rng.integers(0, 3, n), days)
    # In the afternoon of Europe: it is the same day there, in New York and in California.
    posted = days * DAY + rng.integers(14 * HOUR, 21 * HOUR, n) // 60 * 60
    order = np.argsort(posted, kind="stable")
    account, posted = account[order], posted[order]
    networks = [accounts[i].network for i in account]
    impressions = rng.lognormal(7.0, 0.8, n)
    impressions *= np.where(rng.random(n) < 0.01, 40, 1)
    final = np.zeros((n, len(METRICS)))
    final[:, 0] = impressions
    facebook = np.array([name == "facebook" for name in networks])
    for name, rate in RATES.items():
        final[:, COLUMN[name]] = impressions * rate * rng.gamma(3, 1 / 3, n)
    # Nobody is reached without an impression.
    final[:, COLUMN["reach"]] = np.minimum(final[:, COLUMN["reach"]], 0.97 * impressions)
    for name, rate in FACEBOOK_RATES.items():
        final[:, COLUMN[name]] = impressions * rate * rng.gamma(3, 1 / 3, n) * facebook
    # LinkedIn tells clicks of all kinds as one number.
    final[:, COLUMN["other_clicks"]] *= np.array([name != "linkedin" for name in networks])
    final[:, COLUMN["saves"]] = impressions * 0.004 * np.isin(networks, ("instagram", "tiktok"))
    draw = rng.integers(0, 12, n).tolist()
    types = [
        POST_TYPES[name][k % len(POST_TYPES[name])] for name, k in zip(networks, draw, strict=True)
    ]
    video = np.array(["video" in kind.lower() or kind == "short" for kind in types])
    final[:, COLUMN["video_views"]] = impressions * 0.4 * video
    final[:, COLUMN["follows"]] = impressions * 0.0008
    final[rng.random(n) < 0.02] = 0
    boosted = facebook & (rng.random(n) < 0.1)
    deleted = np.where(
        rng.random(n) < 0.04, posted + rng.integers(2 * DAY, 90 * DAY, n), np.int64(2**62)
    )
    community = [i for i, a in enumerate(company.agents) if a.role == "community"]
    texts, ids, links = [], [], []
    for i, network in enumerate(networks):
        ids.append(_post_id(network, accounts[account[i]], i))
        caption = CAPTIONS[int(rng.integers(0, len(CAPTIONS)))]
        texts.append(f"{caption} https://www.lumenworks.example/news/{network}-{i}")
        links.append(f"https://{network}.example/{accounts[account[i]].profile_id}/{ids[-1]}")
    return NetworkPosts(
        accounts=accounts,
        account=account,
        post_id=ids,
        posted_at=posted,
        deleted_at=deleted,
        post_type=types,
        text=texts,
        permalink=links,
        publisher=rng.choice(community, size=n),
        campaign=rng.integers(0, len(CAMPAIGNS), n),
        is_boosted=boosted,
        duration_s=np.where(video, rng.integers(15, 900, n), 0),
        purged=rng.random(n) < 0.12,
        final=final,
        care_message=np.full(n, -1, dtype=np.int64),
    )


def _with_inbox(company: Company, care: Care, posts: NetworkPosts) -> NetworkPosts:
    """The posts, and those that stand in the inbox with their comments, under the same id."""
    rng = company.rng(24)
    m = care.messages
    first = np.flatnonzero(m["out"] & (m["parent"] < 0) & (care.threads.kind[m["thread"]] == POST))
    _, index = np.unique(m["thread"][first], return_index=True)
    rows = first[np.sort(index)]
    if not len(rows):
        return posts
    n = len(rows)
    by_number = {a.export_id: i for i, a in enumerate(posts.accounts) if a.source == SPROUT}
    numbers = [company.profiles[int(p)].profile_id for p in care.threads.profile[m["thread"][rows]]]
    account = np.array([by_number[number] for number in numbers])
    ids = network_message_ids(rows).to_pylist()
    alike = rng.integers(0, len(posts), n)
    more = {
        "account": account,
        "posted_at": m["t"][rows],
        "deleted_at": np.full(n, 2**62),
        "publisher": m["agent"][rows],
        "campaign": rng.integers(0, len(CAMPAIGNS), n),
        "is_boosted": np.zeros(n, dtype=bool),
        "duration_s": np.zeros(n, dtype=np.int64),
        "purged": np.zeros(n, dtype=bool),
        "final": posts.final[alike],
        "care_message": rows,
    }
    words = {
        "post_id": ids,
        "post_type": [POST_TYPES[posts.accounts[i].network][0] for i in account],
        "text": [care.texts.texts[i] for i in m["text"][rows].tolist()],
        "permalink": [
            f"https://{posts.accounts[i].network}.example/{name}"
            for i, name in zip(account, ids, strict=True)
        ],
    }
    both = {name: np.concatenate([getattr(posts, name), values]) for name, values in more.items()}
    order = np.argsort(both["posted_at"], kind="stable")
    lists = {name: [*getattr(posts, name), *values] for name, values in words.items()}
    return NetworkPosts(
        accounts=posts.accounts,
        **{name: values[order] for name, values in both.items()},
        **{name: [values[i] for i in order.tolist()] for name, values in lists.items()},
    )


def _post_id(network: str, account: Account, number: int) -> str:
    """The network's own id of a post."""
    if network == "facebook":
        return f"{account.profile_id}_{122_158_000_000_000_000 + number * 1024}"
    if network == "instagram":
        return str(17_900_000_000_000_000 + number * 97)
    if network == "linkedin":
        return f"urn:li:share:{7_280_000_000_000_000_000 + number * 65_536}"
    if network == "youtube":
        return f"Lmn{number:07d}w"
    return str(7_480_000_000_000_000_000 + number * 4096)


def _days(
    company: Company, accounts: list[Account], posts: NetworkPosts, x_posts: Posts
) -> ProfileDays:
    rng = company.rng(23)
    first, last = company.first_day, company.last_day
    size = (len(accounts), last - first + 1)
    base = np.array([account.followers for account in accounts], dtype=float)[:, None]
    wave = 1 + 0.3 * np.sin(np.arange(size[1]) / 58.0)
    gained = rng.poisson(base * 0.0016 * wave, size)
    lost = rng.poisson(base * 0.0007, size)
    # Once a network took accounts away that nobody had lost: followers change by more than that.
    purge = np.zeros(size, dtype=np.int64)
    purge[:, size[1] // 2] = (base[:, 0] * 0.01).astype(np.int64)
    followers = base.astype(np.int64) + np.cumsum(gained - lost - purge, axis=1)
    seen = rng.poisson(base * 0.25 * wave, size)
    final = {
        "followers": followers,
        "followers_gained": gained,
        "followers_lost": lost,
        "posts_published": np.zeros(size, dtype=np.int64),
        "impressions": seen,
        "reactions": rng.binomial(seen, 0.02),
        "comments": rng.binomial(seen, 0.003),
        "shares": rng.binomial(seen, 0.003),
        "saves": rng.binomial(seen, 0.002),
        "link_clicks": rng.binomial(seen, 0.01),
        "other_clicks": rng.binomial(seen, 0.008),
        "video_views": rng.binomial(seen, 0.1),
        "profile_views": rng.binomial(seen, 0.015),
    }
    published = final["posts_published"]
    np.add.at(published, (posts.account, posts.posted_at // DAY - first), 1)
    handles = {a.profile_id: i for i, a in enumerate(accounts) if a.source == "x"}
    for handle, t in zip(x_posts.handle, x_posts.posted_at.tolist(), strict=True):
        published[handles[handle.lower()], t // DAY - first] += 1
    parts = ("reactions", "comments", "shares", "saves", "link_clicks", "other_clicks")
    final["engagements_native"] = sum(final[name] for name in parts)
    return ProfileDays(accounts, first, final, _reach(rng, seen))


def _reach(rng: np.random.Generator, seen: np.ndarray) -> dict[tuple[int, str], np.ndarray]:
    """Reach of each window that ends on each day: people seen once, less than all impressions."""
    result = {}
    total = np.cumsum(np.pad(seen, ((0, 0), (1, 0))), axis=1)
    days = np.arange(seen.shape[1])
    for window in WINDOWS:
        begins = np.maximum(days + 1 - window, 0)
        impressions = total[:, days + 1] - total[:, begins]
        share = 0.7 / np.sqrt(window) * (1 + 0.1 * rng.random(seen.shape))
        people = (impressions * share).astype(np.int64)
        paid = (people * 0.25 * rng.random(seen.shape)).astype(np.int64)
        # Some people are reached both ways: the parts add up to more than the whole.
        organic = (people * 0.85).astype(np.int64)
        result |= {(window, "total"): people, (window, "organic"): organic, (window, "paid"): paid}
    return result
