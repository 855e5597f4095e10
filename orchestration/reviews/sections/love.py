"""Brand love: messages that carry the brand-love tag, what it earns, what we missed, and examples.

Only messages picked for quoting by the publish step are shown. Their text comes from customers:
it is cleaned and trimmed here, and escaped by the templates like every other text.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from orchestration.reviews import wording
from orchestration.reviews.blocks import (
    Block,
    Chart,
    Heading,
    Missing,
    Quote,
    Quotes,
    Section,
    Sentence,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.periods import quarter_of

MESSAGES, GROWTH = "K48", "K50"
RATE, ANSWERED = "K49", "K49_engaged"
MISSED, MISSED_SHARE = "K51", "K51_share"
MEASURES = (MESSAGES, GROWTH, RATE, ANSWERED, MISSED, MISSED_SHARE)
MISSED_MART = "kpi_missed_love"
MOST_MISSED = 8
MOST_QUOTES = 6
QUOTE_LENGTH = 280


def build(desk: Desk) -> Section:
    """The brand love section."""
    desk.section = "love"
    title = "Brand love"
    if desk.reading(MESSAGES).value is None:
        return Section(
            "love", title, (), (Missing("Brand love messages", desk.why_missing(MESSAGES)),)
        )
    blocks: list[Block] = [
        _chart(desk),
        Heading("In numbers", "love-numbers"),
        desk.comparison("Brand love in numbers", MEASURES),
    ]
    for slice_kind, head in (("product", "Product"), ("network", "Network")):
        table = desk.breakdown(
            f"Brand love messages by {slice_kind}",
            slice_kind,
            (MESSAGES, GROWTH),
            ("Messages", f"Growth on {desk.previous.short_name}"),
            head=head,
            sort_by=MESSAGES,
            bar=MESSAGES,
        )
        if table is not None:
            blocks += [Heading(f"By {slice_kind}", f"love-{slice_kind}"), table]
    blocks += _missed(desk)
    blocks.append(_quotes(desk))
    return Section("love", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts = sentence("People sent ", desk.figure(MESSAGES), " messages of brand love")
    growth = desk.reading(GROWTH)
    if growth.value is not None:
        parts += sentence(", a growth of ", desk.figure(GROWTH), f" on {desk.previous.in_words}")
    elif not growth.is_published:
        change = desk.change(desk.reading(MESSAGES), desk.previous)
        if change.text not in (wording.NOT_AVAILABLE, "no change"):
            parts += sentence(f" ({change.text} on {change.against})")
    readings = [desk.reading(MESSAGES, each) for each in desk.own_trend]
    target = next((each.target_value for each in readings if each.target_value is not None), None)
    known = [each.value for each in readings if each.value is not None]
    if target is not None and known:
        met = sum(value >= target for value in known)
        aim = f"the target of {wording.number(target, 'count')} a {desk.grain}"
        if desk.highlighted > 1:
            parts += sentence(
                f". {wording.small(met).capitalize()} of {wording.small(len(known))} "
                f"{desk.grain}s reached {aim}"
            )
        else:
            parts += sentence(f"; {aim} was {'reached' if met else 'missed'}")
    return parts + sentence(".")


def _chart(desk: Desk) -> Chart | Missing:
    periods = desk.trend_of([MESSAGES])
    if not periods:
        return desk.no_trend(f"Brand love by {desk.grain}")
    readings = desk.series(MESSAGES, periods)
    target = next(
        (each.target_value for each in reversed(readings) if each.target_value is not None), None
    )
    words = "" if target is None else f"target {wording.number(target, 'count')}"
    values = [each.value for each in readings]

    def draw(name: str, width: int) -> str:
        return desk.columns(
            name,
            periods,
            values,
            width=width,
            height=280,
            target=target,
            target_words=words,
            labels=["" if value is None else wording.number(value, "count") for value in values],
        )

    title = f"Brand love messages by {desk.grain}"
    return desk.chart(
        "love-months",
        title,
        f"Columns of brand love messages, {periods[0].name} to {periods[-1].name}; "
        f"{desk.own_marks}. {words.capitalize()}.",
        desk.trend_table(title, [MESSAGES], periods),
        draw,
    )


def _missed(desk: Desk) -> list[Block]:
    """Love that nobody answered within three days: where, and from whom it would have carried."""
    blocks: list[Block] = []
    table = desk.breakdown(
        "Missed love by network",
        "network",
        (MISSED, MISSED_SHARE),
        ("Missed", "Of all positive messages"),
        head="Network",
        sort_by=MISSED,
        bar=MISSED,
    )
    if table is not None:
        blocks += [Heading("Missed love", "love-missed"), table]
    quarter = quarter_of(desk.period.starts_on, desk.period.first_month)
    found = desk.rows(
        MISSED_MART, {"quarter_start_on": quarter.starts_on}, order_by=("reach_rank",)
    )
    rows = [row for row in found if desk.period.starts_on <= row["sent_on"] <= desk.period.ends_on]
    if rows:
        table = desk.mart_table(
            "Missed love that would have carried furthest",
            MISSED_MART,
            rows[:MOST_MISSED],
            ("message_key",),
            columns=(
                ("network", "Network", "text"),
                ("product", "Product", "text"),
                ("visibility", "Written in", "text"),
                ("author_followers", "Followers of the author", "count"),
            ),
            head=("sent_on", "Sent on"),
            reasons={"author_followers": "not told"},
            note="Positive messages without a reply or a like of ours after 72 hours. The message "
            "is found by its message_key in the list of numbers.",
        )
        blocks += [Heading("Missed love that would have carried furthest", "love-reach"), table]
    return blocks


def _quotes(desk: Desk) -> Quotes | Missing:
    rows = [row for row in desk.snapshot.exemplars() if _belongs(row, desk)]
    rows.sort(key=lambda row: (row["reach_rank"], row["sent_at"], row["message_text"]))
    quotes = [_quote(row, desk) for row in rows[:MOST_QUOTES]]
    if not quotes:
        return Missing(
            "Quoted examples", f"no message of the {desk.period.kind} was picked for quoting"
        )
    return Quotes(
        "In their words",
        tuple(quotes),
        "Public messages, those of the authors with the largest reach first; shortened where "
        "marked with an ellipsis.",
    )


def _belongs(row: dict[str, Any], desk: Desk) -> bool:
    """Whether a message was picked for this measure and sent in the period of the page."""
    return (
        row["kpi_id"] == MESSAGES
        and desk.period.starts_on <= desk.day_of(row["sent_at"]) <= desk.period.ends_on
        and bool(wording.clean(row["message_text"] or ""))
    )


def _quote(row: dict[str, Any], desk: Desk) -> Quote:
    where = [desk.name_of(kind, str(row[kind])) for kind in ("network", "product") if row.get(kind)]
    where.append(wording.day(desk.day_of(row["sent_at"])))
    if row.get("author_reach"):
        where.append(f"{wording.number(float(row['author_reach']), 'count')} followers")
    return Quote(
        wording.trimmed(row["message_text"], QUOTE_LENGTH),
        " · ".join(where),
        safe_link(str(row.get("permalink") or "")),
    )


def safe_link(link: str) -> str:
    """The link if it is a plain web address, else nothing: a page must not carry a script link."""
    if any(character.isspace() or ord(character) < 32 for character in link):
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link if parts.scheme in ("http", "https") and parts.hostname else ""
