"""KPIs of listening: love that is seen, share of voice, keywords, hashtags, campaigns.

Works on the words the world's mentions were put together from; texts of the inbox are known by the
product they speak of. Nobody matches keywords here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from simulator.company import Company, read_seed
from simulator.listening import Mention, words_of
from simulator.truth.care import CareTruth
from simulator.truth.cube import Cube, Slices
from simulator.zones import PERIOD_KINDS, day_number, period_end, period_start

OWN = "lumen_works"
LEAST_LOVED = 10
# Keywords that name a campaign and no brand, with whose campaign it is.
CAMPAIGN_KEYWORDS = {"plan without meetings": "northboard_no_meetings"}
OWN_KEYWORDS = ("Lumen Works", "Lumen", "Lumen Tracker", "Lumen Pages", "Lumen Boards")
EVER = (-(2**40), 2**40)


@dataclass(frozen=True)
class Heard:
    """A mention as the definitions see it, from a listening tool or from the inbox."""

    day: int
    network: str
    author: str
    is_listened: bool
    positive_seen: bool
    engagements: int
    impressions: int
    brands: tuple[str, ...]
    keywords: tuple[str, ...]
    hashtags: tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """A campaign: whose it is, and when its words count."""

    name: str
    brand: str
    first: int
    last: int


class ListeningTruth:
    """Mentions seen through the definitions; our own are left out from the start."""

    def __init__(self, company: Company, mentions: list[Mention], seen: CareTruth) -> None:
        self.company = company
        brands = read_seed(company.seeds_dir, "brands")
        self.set = {row["brand"]: _days(row["valid_from_on"], row["valid_to_on"]) for row in brands}
        self.windows: dict[str, Window] = {}
        for row in read_seed(company.seeds_dir, "campaigns"):
            first, last = _days(row["starts_on"], row["ends_on"])
            window = Window(row["campaign"], row["brand"], first, last)
            for word in row["hashtags"].split():
                self.windows[word] = window
            for word, campaign in CAMPAIGN_KEYWORDS.items():
                if campaign == row["campaign"]:
                    self.windows[word] = window
        insiders = self._insiders(seen)
        self.heard = [
            *self._listened(mentions, insiders, seen),
            *self._caught(mentions, insiders, seen),
        ]

    def _insiders(self, seen: CareTruth) -> set[tuple[str, int]]:
        """Employees, known by a tag on something they wrote, as (network, contact)."""
        care = seen.care
        m = care.messages
        bits = seen.kinds["employee"]
        rows = np.flatnonzero(~m["out"] & ((m["tags"] & bits) != 0) & ~m["archive"])
        threads = m["thread"][rows].tolist()
        return {(seen.network(t), int(care.threads.contact[t])) for t in threads}

    def _listened(
        self, mentions: list[Mention], insiders: set[tuple[str, int]], seen: CareTruth
    ) -> list[Heard]:
        care = seen.care
        m = care.messages
        result = []
        for mention in mentions:
            if mention.is_ours or not (mention.in_listening or mention.in_sprout):
                continue
            if mention.care_message >= 0:
                thread = int(m["thread"][mention.care_message])
                if (mention.network, int(care.threads.contact[thread])) in insiders:
                    continue
                if seen.flags.is_spam[mention.care_message]:
                    continue
            result.append(
                Heard(
                    int(self.company.zone.day(np.array([mention.sent_at]))[0]),
                    mention.network,
                    f"{mention.network}:{mention.author_id}",
                    True,
                    mention.sentiment == "positive" and mention.impressions >= 0,
                    mention.engagements,
                    mention.impressions,
                    mention.brands,
                    mention.keywords,
                    mention.hashtags,
                )
            )
        return result

    def _caught(
        self, mentions: list[Mention], insiders: set[tuple[str, int]], seen: CareTruth
    ) -> list[Heard]:
        """Messages of the inbox about us that no listening tool heard."""
        care = seen.care
        m, f = care.messages, seen.flags
        both = {mention.care_message for mention in mentions}
        about = ~m["out"] & ~m["own"] & ~f.is_to_us & ~f.is_spam
        result = []
        for row in np.flatnonzero(about).tolist():
            thread = int(m["thread"][row])
            network = seen.network(thread)
            contact = int(care.threads.contact[thread])
            if row in both or (network, contact) in insiders:
                continue
            brands, keywords = words_of(care.texts.texts[int(m["text"][row])])
            result.append(
                Heard(
                    int(self.company.zone.day(m["t"][row : row + 1])[0]),
                    network,
                    f"{network}:{contact}",
                    False,
                    False,
                    0,
                    0,
                    brands,
                    keywords,
                    (),
                )
            )
        return result

    def love_kpis(self, cube: Cube) -> None:
        """K49: engagement of positive mentions of ours that tell how often they were seen."""
        rows = [h for h in self.heard if h.positive_seen and self._names_us(h)]
        slices = Slices(len(rows))
        for i, heard in enumerate(rows):
            slices.put(i, "network", heard.network)
        day = np.array([h.day for h in rows], dtype=np.int64)
        everything = np.ones(len(rows), dtype=bool)
        top = np.array([h.engagements for h in rows])
        bottom = np.array([h.impressions for h in rows])
        cube.ratio("K49", day, slices, everything, top, bottom, LEAST_LOVED)

    def _names_us(self, heard: Heard) -> bool:
        return bool(self._own_words(heard) or self._tags(heard, own=True))

    def _own_words(self, heard: Heard) -> list[str]:
        return [word for word in heard.keywords if word in OWN_KEYWORDS]

    def _tags(self, heard: Heard, own: bool) -> list[tuple[str, str, str]]:
        """(word, brand, campaign) of hashtags and campaign words that count on the day."""
        found = []
        for word in (*heard.hashtags, *(w for w in heard.keywords if w in CAMPAIGN_KEYWORDS)):
            window = self.windows.get(word)
            brand = window.brand if window else OWN
            if (brand == OWN) is not own:
                continue
            if window is None or window.first <= heard.day <= window.last:
                found.append((word, brand, window.name if window else ""))
        return found

    def word_kpis(self, cube: Cube) -> None:
        """K54, K56 and K57: mentions with our words, our hashtags, and others' campaign words."""
        n = len(self.heard)
        day = np.array([h.day for h in self.heard], dtype=np.int64)
        words, tags, buzz = Slices(n), Slices(n), Slices(n)
        has = np.zeros((3, n), dtype=bool)
        for i, heard in enumerate(self.heard):
            for slices in (words, tags, buzz):
                slices.put(i, "network", heard.network)
            found = self._own_words(heard)
            for word in found:
                words.put(i, "keyword", word)
            ours = [tag for tag in self._tags(heard, own=True) if tag[0].startswith("#")]
            theirs = [tag for tag in self._tags(heard, own=False) if tag[2]]
            for word, _, campaign in ours:
                tags.put(i, "hashtag", word)
                if campaign:
                    tags.put(i, "campaign", campaign)
            for _, brand, campaign in theirs:
                buzz.put(i, "brand", brand)
                buzz.put(i, "campaign", campaign)
            has[:, i] = bool(found), bool(ours), bool(theirs)
        cube.count("K54", day, words, has[0])
        cube.count("K56", day, tags, has[1])
        cube.count("K57", day, buzz, has[2])
        authors = np.array([h.author for h in self.heard])
        for kind, start, key, rows in cube.grouped(day, tags, has[1]):
            people = len(np.unique(authors[rows]))
            cube.put(kind, start, "K56_authors", key, people, people, None, len(rows))

    def share_kpis(self, cube: Cube) -> None:
        """K55 in both forms, over the brands that are in the set on every day of the period."""
        heard = [h for h in self.heard if h.is_listened and h.brands]
        day = np.array([h.day for h in heard], dtype=np.int64)
        for kind in PERIOD_KINDS:
            starts = period_start(day, kind)
            for start in np.unique(starts).tolist():
                end = period_end(start, kind)
                compared = {
                    b for b, (first, last) in self.set.items() if first <= start and last >= end
                }
                rows = [heard[i] for i in np.flatnonzero(starts == start).tolist()]
                groups: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
                for h in rows:
                    named = [brand for brand in h.brands if brand in compared]
                    if named:
                        groups["overall", "all"].append(named)
                        groups["network", h.network].append(named)
                for key, mentions in groups.items():
                    self._shares(cube, kind, start, key, OWN, mentions)
                    if key[0] == "overall":
                        for brand in sorted(compared):
                            self._shares(cube, kind, start, ("brand", brand), brand, mentions)

    def _shares(self, cube: Cube, kind, start, key, brand: str, mentions: list[list[str]]) -> None:
        n = len(mentions)
        total = sum(len(named) for named in mentions)
        mine = sum(brand in named for named in mentions)
        part = sum(1 / len(named) for named in mentions if brand in named)
        cube.put(kind, start, "K55", key, mine / total, mine, total, n)
        cube.put(kind, start, "K55_fractional", key, part / n, part, n, n)


def _days(first: str, last: str) -> tuple[int, int]:
    return (
        day_number(first) if first else EVER[0],
        day_number(last) if last else EVER[1],
    )
