"""What people say about us without writing to us: words, moods, voices that carry, crises.

Listening in numbers belongs here. How our share compares with other brands is the section on share
of voice; love is told in its own.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews.blocks import (
    Block,
    Heading,
    Missing,
    Remark,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import moved, of_period, pair, published

KEYWORDS, HASHTAGS, AUTHORS, BUZZ = "K54", "K56", "K56_authors", "K57"
SENTIMENT, UNCLASSIFIED, PROACTIVE = "K58", "K58_unclassified", "K52"
CRISES, UNSEEN, CRISIS_REPLY = "K59", "K59_unacknowledged", "K60"
MEASURES = (
    KEYWORDS,
    HASHTAGS,
    AUTHORS,
    BUZZ,
    PROACTIVE,
    SENTIMENT,
    UNCLASSIFIED,
    CRISES,
    UNSEEN,
    CRISIS_REPLY,
)
MOST_KEYWORDS, MOST_VOICES = 10, 10


def build(desk: Desk) -> Section | None:
    """The listening section."""
    desk.section = "listening"
    title = "Listening"
    if not published(desk, MEASURES):
        return None
    if not desk.snapshot.has_any(MEASURES, desk.period):
        return Section(
            "listening", title, (), (Missing("Mentions and moods", desk.why_missing(KEYWORDS)),)
        )
    blocks: list[Block] = pair(
        desk.single(KEYWORDS, "keywords", f"Mentions of our keywords by {desk.grain}"),
        desk.single(SENTIMENT, "sentiment", f"Net sentiment by {desk.grain}"),
    )
    blocks += [
        Heading("In numbers", "listening-numbers"),
        desk.comparison("Listening in numbers", MEASURES),
    ]
    blocks += _keywords(desk, True, "Our keywords", "listening-own")
    blocks += _keywords(desk, False, "Keywords of other brands", "listening-others")
    blocks += _moods(desk)
    blocks += _voices(desk)
    blocks += [Heading("Crises", "listening-crises"), _crises(desk)]
    return Section("listening", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    if desk.reading(KEYWORDS).value is not None:
        parts += sentence(
            "Our keywords were mentioned ", desk.figure(KEYWORDS), f" times{moved(desk, KEYWORDS)}"
        )
        if desk.reading(HASHTAGS).value is not None:
            parts += sentence(", our hashtags ", desk.figure(HASHTAGS), " times")
        parts += sentence(". ")
    if desk.reading(SENTIMENT).value is not None:
        parts += sentence(
            "Net sentiment of what people wrote stands at ",
            desk.figure(SENTIMENT),
            f"{moved(desk, SENTIMENT)}; minus one is all negative, one all positive.",
        )
    return parts


def _keywords(desk: Desk, is_own: bool, title: str, anchor: str) -> list[Block]:
    rows = desk.rows(
        "kpi_keywords",
        {**of_period(desk), "is_own_brand": is_own},
        order_by=("-mentions", "keyword"),
        limit=MOST_KEYWORDS,
    )
    if not rows:
        return []
    second = ("keyword_kind", "Kind", "text") if is_own else ("brand", "Brand", "text")
    columns = (
        second,
        ("mentions", "Mentions", "count"),
        ("unique_authors", "Authors", "count"),
        ("positive_mentions", "Positive", "count"),
        ("negative_mentions", "Negative", "count"),
        ("engagements", "Engagements", "count"),
    )
    table = desk.mart_table(
        title,
        "kpi_keywords",
        rows,
        ("period_kind", "period_start_on", "keyword_key"),
        columns=columns,
        head=("keyword", "Keyword"),
        note="All spellings count for their keyword. A mention of two keywords counts for both.",
        reasons={"engagements": "no tool tells"},
    )
    return [Heading(title, anchor), table]


def _moods(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    for slice_kind, head in (("topic", "Topic"), ("product", "Product")):
        table = desk.breakdown(
            f"Net sentiment by {slice_kind}",
            slice_kind,
            (SENTIMENT, UNCLASSIFIED),
            ("Net sentiment", "Without a sentiment"),
            head=head,
            sort_by=SENTIMENT,
            descending=False,
        )
        if table is not None:
            blocks += [Heading(f"Net sentiment by {slice_kind}", f"mood-{slice_kind}"), table]
    return blocks


def _voices(desk: Desk) -> list[Block]:
    rows = desk.rows(
        "kpi_influencers", of_period(desk), order_by=("reach_rank",), limit=MOST_VOICES
    )
    if not rows:
        return []
    table = desk.mart_table(
        "Voices that carry",
        "kpi_influencers",
        rows,
        ("period_kind", "period_start_on", "author_key"),
        columns=(
            ("author_followers", "Followers", "count"),
            ("mentions", "Mentions", "count"),
            ("positive_mentions", "Positive", "count"),
            ("negative_mentions", "Negative", "count"),
            ("answered", "Answered", "count"),
            ("engagements", "Engagements", "count"),
            ("last_mention_on", "Last mention", "text"),
        ),
        head=("network", "Author on"),
        reasons={"engagements": "no tool tells"},
        note="Authors with the most followers who named us. They are known by a pseudonym alone, "
        "which stands as author_key in the list of numbers.",
    )
    return [Heading("Voices that carry", "listening-voices"), table]


def _crises(desk: Desk) -> Table | Remark:
    rows = [each for each in desk.rows("kpi_crisis_episodes") if _is_of(each, desk)]
    if not rows:
        return Remark(f"No crisis was found in {desk.period.in_words}.")
    return desk.mart_table(
        "Crises",
        "kpi_crisis_episodes",
        rows,
        ("episode_key",),
        columns=(
            ("network", "Network", "text"),
            ("topic", "Topic", "text"),
            ("crisis_hours", "Hours", "count"),
            ("messages", "Messages", "count"),
            ("negative_messages", "Negative", "count"),
            ("usual_messages", "Usual an hour", "count"),
            ("peak_messages", "At the peak", "count"),
        ),
        head=("started_on", "Began on"),
        note="An hour with far more messages than usual at that hour of the week, and more "
        "negative ones.",
    )


def _is_of(row: dict[str, Any], desk: Desk) -> bool:
    return desk.period.starts_on <= row["started_on"] <= desk.period.ends_on
