"""What mentions name, whose voice they are and which hours are a crisis, in plain loops.

A second reading of the rules, over rows as feeds hand them in. It shares nothing with the models
but the formula of keys; making rows up and comparing is the business of the tests.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.care import key

Row = Mapping[str, Any]

INVISIBLE = {0xAD, 0x640, 0x200B, 0x200C, 0x200E, 0x200F, 0xFE0E, 0xFE0F, 0xFEFF}
INVISIBLE |= {*range(0x202A, 0x202F), *range(0x2060, 0x206A)}
COUNTED_KINDS = ("company", "product", "nickname")


def folded(text: str) -> str:
    """A text without addresses, case, accents and invisible signs."""
    text = re.sub(r"(https?://|www\.)\S+", " ", text.replace("＃", "#"), flags=re.IGNORECASE)
    seen = "".join(sign for sign in text if ord(sign) not in INVISIBLE)
    parts = unicodedata.normalize("NFD", seen.lower())
    bare = "".join(sign for sign in parts if not unicodedata.category(sign).startswith("M"))
    return unicodedata.normalize("NFC", bare)


def words(text: str) -> list[str]:
    """Runs of letters, digits and `_`."""
    kept = "".join(s if unicodedata.category(s)[0] in "LMN" or s == "_" else " " for s in text)
    return kept.split()


def tokens(text: str) -> list[str]:
    """The same with `#`, `@` and emoji left in place; hashtags without a space between are two,
    and a word ends at a `#` within it."""

    def stays(sign: str) -> bool:
        kind = unicodedata.category(sign)
        tone = 0x1F3FB <= ord(sign) <= 0x1F3FF or ord(sign) == 0x200D
        return kind[0] in "LMN" or kind == "So" or tone or sign in "_#@"

    kept = "".join(sign if stays(sign) else " " for sign in text)
    found = []
    for token in kept.split():
        if token.startswith("#"):
            found += re.split(r"(?<=[^#])(?=#)", token)
        else:
            found.append(token.split("#")[0])
    return found


@dataclass(frozen=True)
class Keyword:
    """A keyword with its spellings, folded: lists of words, or tokens for `#` and `@`."""

    name: str
    kind: str
    brand: str
    campaign: str | None
    is_exclusive: bool
    spellings: tuple[tuple[bool, tuple[str, ...]], ...]

    def is_in(self, text_words: Sequence[str], text_tokens: Sequence[str]) -> bool:
        """Whether a text carries it in any spelling."""
        for is_token, spelling in self.spellings:
            text = text_tokens if is_token else text_words
            n = len(spelling)
            if n and any(tuple(text[i : i + n]) == spelling for i in range(len(text) - n + 1)):
                return True
        return False


@dataclass
class Voice:
    """A mention and a brand it names."""

    mention: Row
    brand: str
    is_own: bool
    is_exclusive: bool
    keywords: list[Keyword]


@dataclass
class Listening:
    """Everything mentions say, from the seeds and the rows of one feed."""

    seeds: Mapping[str, Sequence[Row]]
    mentions: Sequence[Row]
    zone: ZoneInfo
    as_of: datetime
    own_keys: frozenset[str] = frozenset()
    keywords: list[Keyword] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = {row["brand"]: row["is_own"] for row in self.seeds["brands"]}
        self.campaigns = {row["campaign"]: row for row in self.seeds["campaigns"]}
        self.keywords = list(self._keywords())
        for mention in self.mentions:
            self.voices += self._voices(mention)

    def _keywords(self) -> Iterable[Keyword]:
        variants = defaultdict(list)
        for row in self.seeds["keyword_variants"]:
            variants[row["keyword"]].append(row["variant"])

        def spelt(text: str) -> tuple[bool, tuple[str, ...]]:
            is_token = text.startswith(("#", "@")) or not words(folded(text))
            return is_token, tuple((tokens if is_token else words)(folded(text)))

        for row in self.seeds["keywords"]:
            names = [row["keyword"], *variants[row["keyword"]]]
            yield Keyword(
                row["keyword"],
                row["keyword_kind"],
                row["brand"],
                row["campaign"],
                row["is_exclusive"],
                tuple(spelt(name) for name in names),
            )
        for row in self.seeds["campaigns"]:
            for tag in (row["hashtags"] or "").split():
                yield Keyword(tag, "campaign", row["brand"], row["campaign"], False, (spelt(tag),))

    def day(self, instant: datetime) -> date:
        """The company's day of a UTC instant."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone).date()

    def counts_on(self, keyword: Keyword, day: date) -> bool:
        """Whether a keyword counts on a day: always, or within its campaign."""
        if keyword.campaign is None:
            return True
        row = self.campaigns[keyword.campaign]
        first, last = row["starts_on"] or date.min, row["ends_on"] or date.max
        return first <= day <= last

    def carried(self, mention: Row) -> list[Keyword]:
        """The keywords a mention carries, also outside their windows."""
        if mention["mention_text"] is None:
            return []
        text = folded(mention["mention_text"])
        text_words, text_tokens = words(text), tokens(text)
        return [each for each in self.keywords if each.is_in(text_words, text_tokens)]

    def _voices(self, mention: Row) -> Iterable[Voice]:
        day = self.day(mention["sent_at"])
        by_brand = defaultdict(list)
        for keyword in self.carried(mention):
            if self.counts_on(keyword, day):
                by_brand[keyword.brand].append(keyword)
        for brand, found in by_brand.items():
            exclusive = any(keyword.is_exclusive for keyword in found)
            yield Voice(mention, brand, self.own[brand], exclusive, found)

    def mention_key(self, mention: Row) -> str:
        """Key of the network's id, or of the feed's."""
        if mention["native_message_id"] is not None:
            return key(mention["network"], mention["native_message_id"])
        return key(mention["source"], mention["natural_mention_id"])

    def is_ours(self, mention: Row) -> bool:
        """Whether we wrote it."""
        return self.mention_key(mention) in self.own_keys

    def is_to_us(self, mention: Row) -> bool:
        """Whether it carries a handle of ours."""
        handles = {
            tokens(folded(row["variant"]))[0]
            for row in self.seeds["keyword_variants"]
            if row["variant_kind"] == "handle"
            and any(k.name == row["keyword"] and self.own[k.brand] for k in self.keywords)
        }
        return bool(handles & set(tokens(folded(mention["mention_text"]))))

    def periods(self, day: date) -> list[tuple[str, date, date]]:
        """Week, month and calendar quarter of a day, with first and last day."""
        monday = day - timedelta(days=day.weekday())
        month = day.replace(day=1)
        quarter = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)

        def before_next(first: date, months: int) -> date:
            ahead = first.month - 1 + months
            return date(first.year + ahead // 12, ahead % 12 + 1, 1) - timedelta(days=1)

        return [
            ("week", monday, monday + timedelta(days=6)),
            ("month", month, before_next(month, 1)),
            ("quarter", quarter, before_next(quarter, 3)),
        ]

    def compared(self, first: date, last: date) -> set[str]:
        """Brands that are in the set on every day of a period."""
        return {
            row["brand"]
            for row in self.seeds["brands"]
            if (row["valid_from_on"] or date.min) <= first
            and (row["valid_to_on"] or date.max) >= last
        }

    def shares(self) -> dict[tuple[str, date, str, str], tuple[int, Fraction, int, int]]:
        """(period kind, first day, network, brand) → mentions, fractional, all flags, distinct."""
        named: dict[tuple[str, date, str], dict[str, set[str]]] = defaultdict(dict)
        sets: dict[tuple[str, date], set[str]] = {}
        for voice in self.voices:
            if not voice.is_exclusive or self.is_ours(voice.mention):
                continue
            for kind, first, last in self.periods(self.day(voice.mention["sent_at"])):
                brands = sets.setdefault((kind, first), self.compared(first, last))
                if voice.brand not in brands:
                    continue
                for network in ("all", voice.mention["network"]):
                    cell = named[kind, first, network]
                    cell.setdefault(self.mention_key(voice.mention), set()).add(voice.brand)
        result = {}
        for (kind, first, network), found in named.items():
            flags = sum(len(brands) for brands in found.values())
            for brand in sets[kind, first]:
                holding = [brands for brands in found.values() if brand in brands]
                parts = sum((Fraction(1, len(brands)) for brands in holding), Fraction())
                result[kind, first, network, brand] = (len(holding), parts, flags, len(found))
        return result

    def counts(self) -> dict[tuple[str, date, str, str, str], int]:
        """(kpi, period kind, first day, slice kind, slice value) → distinct mentions or authors."""
        found: dict[tuple[str, date, str, str, str], set[str]] = defaultdict(set)
        for voice in self.voices:
            mention = voice.mention
            if self.is_ours(mention):
                continue
            for keyword in voice.keywords:
                is_tag = keyword.name.startswith("#")
                slices = [
                    ("overall", "all"),
                    ("network", mention["network"]),
                    ("brand", voice.brand),
                    ("keyword", keyword.name),
                    *([("hashtag", keyword.name)] if is_tag else []),
                    *([("campaign", keyword.campaign)] if keyword.campaign else []),
                ]
                kpis = []
                if voice.is_own and keyword.kind in COUNTED_KINDS:
                    kpis.append(("K54", self.mention_key(mention)))
                if voice.is_own and is_tag:
                    kpis.append(("K56", self.mention_key(mention)))
                    if mention["native_author_id"] is not None:
                        author = key(mention["network"], mention["native_author_id"])
                        kpis.append(("K56_authors", author))
                if not voice.is_own and keyword.campaign:
                    kpis.append(("K57", self.mention_key(mention)))
                for kind, first, _ in self.periods(self.day(mention["sent_at"])):
                    for slice_kind, value in slices:
                        for kpi, counted in kpis:
                            found[kpi, kind, first, slice_kind, value].add(counted)
        return {cell: len(members) for cell, members in found.items()}

    def feelings(self) -> dict[tuple[str, date, str], tuple[int, int, int, int]]:
        """(period kind, first day, network) → engagements, impressions and number of the positive
        mentions of ours that tell both; mentions about us that are no reposts."""
        sums: dict[tuple[str, date, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        ours = {self.mention_key(v.mention): v.mention for v in self.voices if v.is_own}
        for mention in ours.values():
            if self.is_ours(mention):
                continue
            told = mention["engagements"], mention["impressions"]
            loves = mention["sentiment"] == "positive" and None not in told
            is_repost = mention["is_repost"] or mention["mention_text"].startswith("RT @")
            is_about_us = not is_repost and not self.is_to_us(mention)
            for kind, first, _ in self.periods(self.day(mention["sent_at"])):
                for network in ("all", mention["network"]):
                    cell = sums[kind, first, network]
                    if loves:
                        cell[0] += told[0]
                        cell[1] += told[1]
                        cell[2] += 1
                    cell[3] += is_about_us
        return {cell: tuple(values) for cell, values in sums.items()}


@dataclass(frozen=True)
class Episode:
    """A crisis: its bounds (UTC), the flagged hours, and how many messages it holds."""

    started_at: datetime
    ended_at: datetime
    hours: int
    messages: int
    negative: int


def crises(messages: Sequence[Row], zone: ZoneInfo, as_of: datetime) -> list[Episode]:
    """Episodes of crowded and angry hours, each held against its eight weeks before."""
    if not messages:
        return []
    local = [
        m["sent_at"].replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) for m in messages
    ]
    hours = [t.replace(minute=0, second=0, microsecond=0) for t in local]
    total = Counter(hours)
    negative = Counter(
        h for h, m in zip(hours, messages, strict=True) if m["sentiment"] == "negative"
    )
    classified = Counter(
        h for h, m in zip(hours, messages, strict=True) if m["sentiment"] is not None
    )
    first_day = min(t.date() for t in local)

    def utc(wall: datetime) -> datetime:
        return wall.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    flagged = []
    for hour, n in sorted(total.items()):
        end = utc(hour + timedelta(hours=1))
        weeks = [hour - timedelta(weeks=w) for w in range(1, 9)]
        if n < 20 or weeks[-1].date() < first_day or end > as_of or not classified[hour]:
            continue
        before = [total[w] for w in weeks]
        middle = median(before)
        spread = median(abs(b - middle) for b in before)
        if spread:
            score = 0.6745 * (n - middle) / spread
        else:
            mean = max(sum(before) / 8, 1)
            score = (n - mean) / mean**0.5
        known = sum(classified[w] for w in weeks)
        usual = Fraction(sum(negative[w] for w in weeks), known) if known else Fraction()
        angrier = Fraction(negative[hour], classified[hour]) - usual
        if score >= 3.5 and n >= 2 * middle and angrier >= Fraction(15, 100):
            flagged.append((utc(hour), end))

    groups: list[list[tuple[datetime, datetime]]] = []
    for start, end in flagged:
        if groups and start - groups[-1][-1][1] < timedelta(hours=6):
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
    return [
        Episode(
            group[0][0],
            group[-1][1],
            len(group),
            sum(group[0][0] <= m["sent_at"] < group[-1][1] for m in messages),
            sum(
                group[0][0] <= m["sent_at"] < group[-1][1] and m["sentiment"] == "negative"
                for m in messages
            ),
        )
        for group in groups
    ]
