"""What the world says about us and about competitors, as listening hears it.

Every mention is put together from words whose brand and keyword are known, so that nobody has to
read its text again: misspellings, handles, words that mean other things too, hashtags with and
without a campaign. Files are written in `writers`; what counts as a share is decided in `truth`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from simulator.care import HOUR_WEIGHTS, Care
from simulator.company import Company, read_seed
from simulator.posts import Posts
from simulator.texts import PRODUCTS
from simulator.writers.ids import network_contact_ids, network_message_ids
from simulator.zones import DAY, HOUR, day_number

NETWORKS = ("x", "reddit", "bluesky", "instagram", "chirrup")
NETWORK_WEIGHTS = (0.5, 0.2, 0.12, 0.13, 0.05)
# What the tool that sells its own listening hears; the other one hears everything.
SPROUT_NETWORKS = ("x", "instagram", "chirrup")
SENTIMENTS = ("positive", "neutral", "negative", "")
SENTIMENT_WEIGHTS = (0.34, 0.4, 0.2, 0.06)

# What is written, and the keywords of the seed that stand in it.
Word = tuple[str, tuple[str, ...]]
BRAND_WORDS: dict[str, tuple[Word, ...]] = {
    "lumen_works": (
        ("Lumen Works", ("Lumen Works", "Lumen")),
        ("lumenworks", ("Lumen Works",)),
        ("Lumen Wroks", ("Lumen Works", "Lumen")),
        ("luman works", ("Lumen Works",)),
        ("Lumen Tracker", ("Lumen Tracker", "Lumen")),
        ("LUMEN TRACKER", ("Lumen Tracker", "Lumen")),
        ("lumen traker", ("Lumen Tracker", "Lumen")),
        ("Lumen Pages", ("Lumen Pages", "Lumen")),
        ("lumen-pages", ("Lumen Pages", "Lumen")),
        ("LumenBoards", ("Lumen Boards",)),
        ("Lumen Bords", ("Lumen Boards", "Lumen")),
    ),
    "northboard": (
        ("Northboard", ("Northboard",)),
        ("north board", ("Northboard",)),
        ("nothboard", ("Northboard",)),
        ("Northboard Sprint", ("Northboard Sprint", "Northboard")),
    ),
    "tasklane": (
        ("Tasklane", ("Tasklane",)),
        ("task lane", ("Tasklane", "Lane")),
        ("TASKLAIN", ("Tasklane",)),
    ),
    "manara": (("منارة", ("منارة",)), ("المنارة", ("منارة",)), ("manara app", ("منارة",))),
    "fjallplan": (("Fjällplan", ("Fjällplan",)), ("fjallplan", ("Fjällplan",))),
}
BRANDS = tuple(BRAND_WORDS)
# How many brands a mention names, from none to three.
BRANDS_NAMED = (0.14, 0.6, 0.2, 0.06)
BRAND_WEIGHTS = (0.42, 0.27, 0.19, 0.06, 0.06)
# Words of no certain meaning: they name nobody.
AMBIGUOUS: tuple[Word, ...] = (
    ("Lumen", ("Lumen",)),
    ("Compass", ("Compass",)),
    ("Lane", ("Lane",)),
    ("plan without meetings", ("plan without meetings",)),
)
# Hashtags that count always; the first names us as our own words do.
OWN_BRAND, OWN_HASHTAG = "lumen_works", "#LumenLove"
EVERGREEN = (OWN_HASHTAG, "#🌟plan")
# Keywords that a hashtag holds as words of their own.
HASHTAG_WORDS = {"#🎄Lumen": ("Lumen",)}
FRAMES = (
    "We tried {0} for a month, here is what we found",
    "Anybody here who moved a team to {0}?",
    "{0} or a whiteboard? Asking for a friend",
    "Monday with {0}: nine tasks, one coffee",
    "My review of {0}. Long thread",
)
PAIRS = (
    "{0} against {1}: which one would you take?",
    "We left {1} for {0} and would do it again",
    "Is there a way to bring my projects from {1} to {0}?",
)
TRIPLES = ("Compared {0}, {1} and {2}. Table in the first comment",)
FOLLOWERS = (120, 900, 2_600, 9_000, 24_000, 180_000, -1)


@dataclass(frozen=True)
class Mention:
    """A post of somebody else, as both listening exports would tell it; -1 and "" are absent.

    `brands` are those named by a word of theirs alone, `keywords` those of the seed that stand in
    the text, `hashtags` as written. `care_message` is its position in the care year if the inbox
    has it too; `is_ours` a post of the company itself.
    """

    number: int
    network: str
    native_id: str
    sent_at: int
    author_id: str
    author_followers: int
    is_verified: bool
    text: str
    language: str
    sentiment: str
    engagements: int
    impressions: int
    is_repost: bool
    in_reply_to: str
    topic: str
    in_listening: bool
    in_sprout: bool
    brands: tuple[str, ...]
    keywords: tuple[str, ...]
    hashtags: tuple[str, ...]
    care_message: int
    is_ours: bool = False

    @property
    def permalink(self) -> str:
        """Its address."""
        return f"https://{self.network}.example/post/{self.native_id}"


def listen(company: Company, care: Care, posts: Posts) -> list[Mention]:
    """Draw the mentions of the year; some are in the inbox too, some are posts of ours."""
    rng = company.rng(71)
    n = int(max(300, min(40_000, company.messages * 0.4)))
    windows = campaign_windows(company)
    days = rng.integers(company.first_day, company.last_day + 1, n)
    # A third is written around the campaigns, some of it too early and some too late.
    near = np.flatnonzero(rng.random(n) < 0.35)
    which = rng.integers(0, len(windows), len(near))
    for row, number in zip(near.tolist(), which.tolist(), strict=True):
        _, first, last = windows[number]
        days[row] = int(rng.integers(first - 4, min(last, first + 60) + 5))
    hours = rng.choice(24, size=n, p=HOUR_WEIGHTS / HOUR_WEIGHTS.sum())
    sent = days * DAY + hours * HOUR + rng.integers(0, HOUR, n)
    low, high = (company.zone.midnight(day) for day in (company.first_day, company.last_day))
    sent = np.sort(sent[(sent >= low) & (sent < min(high, company.cut - HOUR))])
    days = company.zone.day(sent).tolist()
    mentions = [
        _mention(rng, number, t, day, windows)
        for number, (t, day) in enumerate(zip(sent.tolist(), days, strict=True))
    ]
    mentions += _heard_twice(company, care, rng, len(mentions))
    return mentions + _own_posts(company, posts, rng, len(mentions))


def contacts(mentions: list[Mention], care: Care) -> list[int]:
    """People of the inbox whom listening hears too."""
    rows = np.array([m.care_message for m in mentions if m.care_message >= 0], dtype=np.int64)
    return care.threads.contact[care.messages["thread"][rows]].tolist()


def campaign_windows(company: Company) -> list[tuple[str, int, int]]:
    """(hashtag, first day, last day) of every campaign that has hashtags and both days."""
    return [
        (hashtag, day_number(row["starts_on"]), day_number(row["ends_on"]))
        for row in read_seed(company.seeds_dir, "campaigns")
        for hashtag in row["hashtags"].split()
        if row["starts_on"] and row["ends_on"]
    ]


def _drawn(rng: np.random.Generator, weights: Sequence[float]) -> int:
    """What `rng.choice(len(weights), p=weights)` draws, a tenth of its time for one draw."""
    return bisect_right(_shares(tuple(weights)), rng.random())


@lru_cache
def _shares(weights: tuple[float, ...]) -> list[float]:
    shares = np.cumsum(weights)
    return (shares / shares[-1]).tolist()


def _mention(
    rng: np.random.Generator,
    number: int,
    t: int,
    day: int,
    windows: list[tuple[str, int, int]],
) -> Mention:
    k = _drawn(rng, BRANDS_NAMED)
    if k > 1:
        chosen = rng.choice(len(BRANDS), size=k, replace=False, p=BRAND_WEIGHTS).tolist()
    else:
        chosen = [_drawn(rng, BRAND_WEIGHTS)] if k else []
    words = [
        BRAND_WORDS[BRANDS[i]][int(rng.integers(0, len(BRAND_WORDS[BRANDS[i]])))] for i in chosen
    ]
    if not words:
        words = [AMBIGUOUS[int(rng.integers(0, len(AMBIGUOUS)))]]
    frames = (FRAMES, FRAMES, PAIRS, TRIPLES)[k]
    text = frames[int(rng.integers(0, len(frames)))].format(*(word for word, _ in words))
    hashtags = [tag for tag, first, last in windows if first - 4 <= day <= last + 4]
    hashtags = [tag for tag in hashtags if rng.random() < 0.35]
    hashtags += [tag for tag in EVERGREEN if rng.random() < 0.06]
    brands = [BRANDS[i] for i in chosen]
    if OWN_HASHTAG in hashtags and OWN_BRAND not in brands:
        brands.append(OWN_BRAND)
    keywords = {keyword for _, found in words for keyword in found}
    keywords |= {word for tag in hashtags for word in HASHTAG_WORDS.get(tag, ())}
    network = NETWORKS[_drawn(rng, NETWORK_WEIGHTS)]
    sprout = network in SPROUT_NETWORKS and rng.random() < 0.5
    seen = int(rng.lognormal(6.0, 1.3))
    known = rng.random() < 0.55
    repost = rng.random() < 0.08
    arabic = any(BRANDS[i] == "manara" for i in chosen)
    author = NETWORKS.index(network) * 1_000 + int(rng.integers(0, 400))
    return Mention(
        number=number,
        network=network,
        native_id=str(1_890_000_000_000_000_000 + number * 8192),
        sent_at=t,
        author_id=f"{700_000_000 + author * 11}",
        author_followers=FOLLOWERS[author % len(FOLLOWERS)],
        is_verified=author % 9 == 0,
        text=" ".join([("RT @someone: " if repost else "") + text, *hashtags]),
        language="ar" if arabic and rng.random() < 0.5 else "en",
        sentiment=SENTIMENTS[_drawn(rng, SENTIMENT_WEIGHTS)],
        engagements=int(seen * 0.03 * rng.random()),
        impressions=seen if known else -1,
        is_repost=repost,
        in_reply_to="",
        topic=("brand health", "competitors")[number % 2],
        in_listening=not sprout or rng.random() < 0.4,
        in_sprout=sprout,
        brands=tuple(brands),
        keywords=tuple(sorted(keywords)),
        hashtags=tuple(hashtags),
        care_message=-1,
    )


def _heard_twice(
    company: Company, care: Care, rng: np.random.Generator, first: int
) -> list[Mention]:
    """Messages of the inbox's listening profile that listening hears too."""
    m, threads = care.messages, care.threads
    listens = np.array([p.listens for p in company.profiles])[threads.profile]
    able = np.flatnonzero(
        listens[m["thread"]] & ~m["out"] & ~m["own"] & ~m["removed"] & (m["parent"] < 0)
    )
    rows = able[rng.random(len(able)) < 0.3]
    ids = network_message_ids(rows).to_pylist()
    people = network_contact_ids(threads.contact[m["thread"][rows]]).to_pylist()
    result = []
    for i, (row, name) in enumerate(zip(rows.tolist(), ids, strict=True)):
        text = care.texts.texts[int(m["text"][row])]
        brands, keywords = words_of(text)
        result.append(
            Mention(
                number=first + i,
                network=company.profiles[int(threads.profile[m["thread"][row]])].network,
                native_id=name,
                sent_at=int(m["t"][row]),
                author_id=people[i],
                author_followers=-1,
                is_verified=False,
                text=text,
                language="en",
                sentiment=("negative", "neutral", "positive")[int(m["sentiment"][row]) + 1],
                engagements=0,
                impressions=-1,
                is_repost=bool(care.texts.is_repost[m["text"][row]]),
                in_reply_to="",
                topic="brand health",
                in_listening=True,
                in_sprout=False,
                brands=brands,
                keywords=keywords,
                hashtags=(),
                care_message=row,
            )
        )
    return result


def _own_posts(
    company: Company, posts: Posts, rng: np.random.Generator, first: int
) -> list[Mention]:
    """Posts of the company itself, which listening hears like any other."""
    rows = np.flatnonzero((rng.random(len(posts)) < 0.2) & (posts.posted_at < company.cut - DAY))
    return [
        Mention(
            number=first + i,
            network="x",
            native_id=posts.post_id[row],
            sent_at=int(posts.posted_at[row]),
            author_id=f"9{int(posts.profile[row]):08d}",
            author_followers=21_000,
            is_verified=True,
            text=posts.text[row],
            language="en",
            sentiment="positive",
            engagements=40,
            impressions=2_000,
            is_repost=False,
            in_reply_to="",
            topic="brand health",
            in_listening=True,
            in_sprout=False,
            brands=("lumen_works",),
            keywords=("Lumen Works",),
            hashtags=(),
            care_message=-1,
            is_ours=True,
        )
        for i, row in enumerate(rows.tolist())
    ]


def words_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Brands and keywords of a text of the inbox: its product, and the handle that is quoted."""
    product = next((name for name in PRODUCTS if name in text), "")
    keywords = {product, "Lumen"} if product else set()
    if "@lumenworks" in text:
        keywords.add("Lumen Works")
    brands = (OWN_BRAND,) if keywords - {"Lumen"} else ()
    return brands, tuple(sorted(keywords))
