"""Mentions, share of voice and crises made up at random: the marts are what plain loops say.

The rules in loops are in `listening`; rows are drawn and compared here.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle.care import key
from tests.oracle.harness import Warehouse
from tests.oracle.listening import Listening, crises, folded, tokens, words
from tests.oracle.worlds import AS_OF, ZONE

SEEDS = ("brands", "keywords", "keyword_variants", "campaigns")
NETWORKS = ("x", "reddit", "bluesky", "chirrup")
BACKWARDS = {
    "campaign": "backwards",
    "name": "Ends before it starts",
    "brand": "lumen_works",
    "hashtags": "#🎄Lumen #backwards",
    "starts_on": date(2025, 12, 31),
    "ends_on": date(2025, 11, 1),
}
LATE = {
    "brand": "late",
    "name": "Late",
    "is_own": False,
    "valid_from_on": date(2025, 11, 10),
    "valid_to_on": date(2026, 2, 20),
}
LATE_WORD = {
    "keyword": "Spätzünder",
    "keyword_kind": "company",
    "brand": "late",
    "is_exclusive": True,
}
STAR = {
    "keyword": "🌟",
    "keyword_kind": "nickname",
    "brand": "lumen_works",
    "is_exclusive": False,
}
# What stands between, before and after the words of a text.
GLUE = (" ", " ", " ", "  ", "\n", ", ", "-", "'s ", ". ", "!#", " @", "_", "", "/", "\u200f ")
FILLERS = (
    "we",
    "left",
    "for",
    "فريق",
    "❤️",
    "👩🏽‍🚀",
    "https://www.lumenworks.example/lumen-works#LumenLove",
    "www.northboard.example",
    "#️⃣",
    "＃LumenLove",
    "illumenated",
    "spatzunder",
    "SPÄTZÜNDER",
    "\u202bمَنَارَة\u202c",
    "Lu\u00admen",
    "RT @someone:",
    "=1+2",
    "",
)


def spelling(chance: random.Random, text: str) -> str:
    """A word as somebody types it."""
    return chance.choice((text, text, text.lower(), text.upper(), text.title(), f"#{text}"))


def drawn_mentions(chance: random.Random, seeds: dict[str, list[dict]], n: int) -> list[dict]:
    """Mentions with words of the seeds in any state, some without text, some exported twice."""
    known = [row["keyword"] for row in seeds["keywords"]]
    known += [row["variant"] for row in seeds["keyword_variants"]]
    known += [tag for row in seeds["campaigns"] for tag in (row["hashtags"] or "").split()]
    rows = []
    for number in range(n):
        parts = []
        for _ in range(chance.choice((1, 2, 3, 4, 6))):
            pool = known if chance.random() < 0.6 else FILLERS
            parts += [spelling(chance, chance.choice(pool)), chance.choice(GLUE)]
        sent = datetime.fromisoformat("2025-09-20") + timedelta(
            minutes=chance.randrange(200 * 24 * 60)
        )
        rows.append(
            {
                "source": "listening",
                "network": chance.choice(NETWORKS),
                "natural_mention_id": f"m{number}",
                "native_message_id": f"n{number}" if chance.random() < 0.8 else None,
                "sent_at": sent,
                "native_author_id": f"a{chance.randrange(40)}" if chance.random() < 0.9 else None,
                "mention_text": "".join(parts) if chance.random() < 0.98 else None,
                "sentiment": chance.choice(("positive", "neutral", "negative", None)),
                "engagements": chance.choice((None, 0, 3, 40)),
                "impressions": chance.choice((None, 10, 900)),
                "is_repost": chance.random() < 0.1,
                "exported_at": sent,
            }
        )
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_mentions_name_whom_their_words_name(listening: Warehouse, seed: int) -> None:
    chance = random.Random(seed)
    more = {"campaigns": [BACKWARDS], "brands": [LATE], "keywords": [LATE_WORD, STAR]}
    listening.build({**more, "int_listening_mentions": []})
    seeds = {name: listening.rows(name) for name in SEEDS}
    mentions = drawn_mentions(chance, seeds, 1500)
    ours = frozenset(
        key(m["network"], m["native_message_id"])
        for m in chance.sample(mentions, 40)
        if m["native_message_id"]
    )
    posts = [{"post_key": each} for each in sorted(ours)]
    listening.build({**more, "int_listening_mentions": mentions, "int_posts_described": posts})
    oracle = Listening(seeds, mentions, ZoneInfo(ZONE), AS_OF, ours)

    found = {
        (row["mention_key"], row["keyword"], row["campaign"]): row["is_in_window"]
        for row in listening.rows("bridge_mention_keywords")
    }
    expected = {
        (oracle.mention_key(m), each.name, each.campaign): oracle.counts_on(
            each, oracle.day(m["sent_at"])
        )
        for m in mentions
        for each in oracle.carried(m)
    }
    assert found == expected
    assert set(expected.values()) == {True, False}
    assert not any(value for (_, _, campaign), value in found.items() if campaign == "backwards")

    facts = {
        (row["mention_key"], row["brand"]): (row["names_exclusive_term"], row["is_by_us"])
        for row in listening.rows("fct_mentions")
    }
    assert facts == {
        (oracle.mention_key(v.mention), v.brand): (v.is_exclusive, oracle.is_ours(v.mention))
        for v in oracle.voices
    }

    shares = {
        (r["period_kind"], r["period_start_on"], r["network"], r["brand"]): r
        for r in listening.rows("kpi_share_of_voice")
    }
    wanted = oracle.shares()
    assert shares.keys() == wanted.keys()
    for cell, (mentioned, parts, flags, distinct) in wanted.items():
        row = shares[cell]
        assert (row["mentions"], row["brand_mentions"]) == (mentioned, flags), cell
        assert row["distinct_mentions"] == distinct, cell
        assert row["share_any"] == pytest.approx(mentioned / flags, abs=1e-12), cell
        assert row["share_fractional"] == pytest.approx(float(parts / distinct), abs=1e-9), cell
    assert {cell[3] for cell in wanted if cell[0] == "month"} > {"late"}
    assert not any(c[3] == "late" and c[:2] == ("month", date(2025, 11, 1)) for c in wanted)

    values = {
        (r["kpi_id"], r["period_kind"], r["period_start_on"], r["slice_kind"], r["slice_value"]): r
        for r in listening.rows("kpi_values_mentions")
    }
    counted = {
        cell: row["value"]
        for cell, row in values.items()
        if cell[0] in ("K54", "K56", "K56_authors", "K57") and row["value"]
    }
    assert counted == oracle.counts()
    for (kind, first, network, brand), (mentioned, parts, flags, distinct) in wanted.items():
        if brand == "lumen_works":
            place = ("overall", "all") if network == "all" else ("network", network)
            any_, fraction = (values[kpi, kind, first, *place] for kpi in ("K55", "K55_fractional"))
            assert any_["value"] == pytest.approx(mentioned / flags, abs=1e-12)
            assert fraction["value"] == pytest.approx(float(parts / distinct), abs=1e-9)

    for (kind, first, network), (engaged, seen, n, about_us) in oracle.feelings().items():
        place = ("overall", "all") if network == "all" else ("network", network)
        love, proactive = (values[kpi, kind, first, *place] for kpi in ("K49", "K52"))
        assert (love["numerator"] or 0, love["denominator"] or 0, love["n"]) == (engaged, seen, n)
        assert (proactive["numerator"], proactive["denominator"]) == (0, about_us)
    assert [r["campaign"] for r in listening.rows("dim_campaign") if not r["is_possible"]] == [
        "backwards"
    ]


def drawn_messages(chance: random.Random) -> list[dict]:
    """Four months of hours with habits of their own, some silent, and bursts of both moods."""
    first = datetime.fromisoformat("2025-12-18") + timedelta(days=chance.randrange(4))
    habits = [chance.choice((0, 0, 1, 2, 4, 9)) for _ in range(168)]
    steady = [chance.random() < 0.4 for _ in range(168)]
    hours = int((AS_OF - first) / timedelta(hours=1))
    bursts: dict[int, tuple[int, float]] = {}
    for _ in range(30):
        at, mood = chance.randrange(hours), chance.choice((0.1, 0.2, 0.35, 0.9))
        for _ in range(chance.choice((1, 1, 2, 3))):
            bursts[at] = (chance.choice((19, 20, 21, 30, 60)), mood)
            at += chance.choice((1, 2, 6, 7, 8))
    rows = []
    for number in range(hours):
        usual = habits[number % 168]
        n = usual if steady[number % 168] else chance.randrange(2 * usual + 1)
        extra, mood = bursts.get(number, (0, 0.1))
        for _ in range(n + extra):
            drawn = chance.random()
            rows.append(
                {
                    "message_key": f"m{len(rows)}",
                    "sent_at": first + timedelta(hours=number, seconds=chance.randrange(3600)),
                    "sentiment": "negative"
                    if drawn < mood
                    else chance.choice(("neutral", "positive", None)),
                    "network": chance.choice(NETWORKS),
                    "direction": "in",
                    "is_spam": False,
                    "is_own": False,
                }
            )
    zone = ZoneInfo(ZONE)
    for row in rows:
        row["sent_on"] = row["sent_at"].replace(tzinfo=UTC).astimezone(zone).date()
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_crises_are_hours_far_above_the_weeks_before(listening: Warehouse, seed: int) -> None:
    messages = drawn_messages(random.Random(1000 + seed))
    listening.build({"fct_messages": messages, "fct_replies": [], "bridge_message_tags": []})
    expected = crises(messages, ZoneInfo(ZONE), AS_OF)
    found = [
        (
            row["started_at"],
            row["ended_at"],
            row["crisis_hours"],
            row["messages"],
            row["negative_messages"],
        )
        for row in sorted(listening.rows("kpi_crisis_episodes"), key=lambda row: row["started_at"])
    ]
    assert found == [(e.started_at, e.ended_at, e.hours, e.messages, e.negative) for e in expected]
    assert len(expected) > 1
    assert {row["rule"] for row in listening.rows("kpi_crisis_hours")} == {"robust", "poisson"}


@pytest.mark.parametrize(
    ("text", "in_words", "in_tokens"),
    [
        ("Lumen-Works' plan", ["lumen", "works", "plan"], ["lumen", "works", "plan"]),
        ("#🎄Lumen!", ["lumen"], ["#🎄lumen"]),
        ("\u200fمَنَارَة\u200f،", ["منارة"], ["منارة"]),
        ("#a#b c#d", ["a", "b", "c", "d"], ["#a", "#b", "c"]),
        ("#️⃣ keycap", ["keycap"], ["#", "keycap"]),
        ("FJÄLLPLAN fja\u0308llplan", ["fjallplan"] * 2, ["fjallplan"] * 2),
    ],
)
def test_the_loops_fold_by_the_rules(text: str, in_words: list, in_tokens: list) -> None:
    """The oracle itself, on texts worked out by hand."""
    assert words(folded(text)) == in_words
    assert tokens(folded(text)) == in_tokens


def test_a_mention_told_twice_is_counted_once(listening: Warehouse) -> None:
    """Two rows of one post, under two ids of the tool: one mention, one voice."""
    told: dict[str, Any] = {
        "source": "listening",
        "network": "x",
        "native_message_id": "n1",
        "sent_at": datetime.fromisoformat("2026-03-02T10:00"),
        "mention_text": "Northboard or lumen wroks?",
        "is_repost": False,
    }
    listening.build(
        {
            "int_listening_mentions": [
                {**told, "natural_mention_id": "1"},
                {**told, "natural_mention_id": "2"},
            ]
        }
    )
    rows = listening.rows("fct_mentions")
    assert sorted((row["brand"], row["share_weight"]) for row in rows) == [
        ("lumen_works", 0.5),
        ("northboard", 0.5),
    ]
