"""Topics: what customers wrote about, what grew, and how each topic fared.

Volumes and results by topic belong here, and where topics were sent wrongly. What a topic did to
the wait is the drivers section's.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, enumerated, sentence
from orchestration.reviews.sections.common import of_period, published

TOPICS = "kpi_topics"
KEY = ("period_kind", "period_start_on", "product", "topic")
CASES = "K20"
MISROUTED = "K32"
MEASURES = (MISROUTED, "K39", "K14", "K41", "K42", "K09")
#: Topics drawn, and topics named as those that grew or shrank most.
MOST_DRAWN, MOST_TOLD = 12, 2


def build(desk: Desk) -> Section | None:
    """What customers wrote about."""
    desk.section = "topics"
    rows = desk.rows(TOPICS, {**of_period(desk), "product": "all"}, order_by=("volume_rank",))
    if not rows:
        return None
    rows.sort(key=lambda row: (row["topic"] == "untagged", row["volume_rank"]))
    blocks: list[Block] = [_bars(desk, rows), _table(desk, rows), *_by_product(desk)]
    routed = desk.breakdown(
        "Handed to another team, by where to",
        "destination_team",
        (MISROUTED,),
        ("Handoffs per handled conversation",),
        head="Sent to",
        sort_by=MISROUTED,
        bar=MISROUTED,
    )
    measures = published(desk, MEASURES)
    if measures:
        blocks += [
            Heading("Routing and repetition", "topics-measures"),
            desk.comparison("Routing and repetition", measures),
        ]
    if routed is not None:
        blocks += [Heading("Handed to another team", "topics-routed"), routed]
    return Section("topics", "What customers write about", _standfirst(desk, rows), tuple(blocks))


def _moves(desk: Desk, rows: list[dict[str, Any]]) -> list[tuple[float, str]]:
    """By how many cases each topic changed, with the topic; those known in both periods.

    A period that still runs is compared with none that is over: it has fewer cases of everything.
    """
    if desk.publication.as_of_on <= desk.period.ends_on:
        return []
    found = []
    for row in rows:
        slice_ = ("topic", row["topic"])
        now = desk.reading(CASES, slice_=slice_).value
        before = desk.reading(CASES, desk.previous, slice_).value
        if now is not None and before is not None and row["topic"] != "untagged":
            found.append((now - before, row["topic"]))
    return found


def _standfirst(desk: Desk, rows: list[dict[str, Any]]) -> Sentence:
    first = next((row for row in rows if row["topic"] != "untagged"), rows[0])
    parts = sentence(
        f"The largest topic was {_inside(desk, first['topic'])}: ",
        desk.figure(CASES, slice_=("topic", first["topic"])),
        " of ",
        desk.figure(CASES),
        " conversations.",
    )
    moves = _moves(desk, rows)
    for verb, found in (
        ("grew", sorted((each for each in moves if each[0] > 0), key=lambda x: (-x[0], x[1]))),
        ("shrank", sorted(each for each in moves if each[0] < 0)),
    ):
        named = [
            sentence(
                f"{_inside(desk, topic)} (",
                desk.figure(CASES, desk.previous, ("topic", topic)),
                " to ",
                desk.figure(CASES, slice_=("topic", topic)),
                ")",
            )
            for _, topic in found[:MOST_TOLD]
        ]
        if named:
            parts += sentence(f" What {verb} most: ", enumerated(named), ".")
    return parts


def _inside(desk: Desk, topic: str) -> str:
    name = desk.name_of("topic", topic)
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _bars(desk: Desk, rows: list[dict[str, Any]]) -> Chart:
    topics = [row["topic"] for row in rows][:MOST_DRAWN]
    names = [desk.name_of("topic", each) for each in topics]
    periods = (desk.period, desk.previous, desk.year_ago)
    series = [
        charts.Line(
            period.short_name,
            tuple(desk.reading(CASES, period, ("topic", each)).value for each in topics),
        )
        for period in periods
    ]
    body = tuple(
        (
            Cell(desk.name_of("topic", row["topic"])),
            *(
                Cell(desk.show(desk.reading(CASES, period, ("topic", row["topic"]))))
                for period in periods
            ),
        )
        for row in rows
    )
    title = "New cases by topic, against the period before and a year ago"
    kept = [line for line in series if any(value is not None for value in line.values)]
    more = len(rows) - len(topics)
    return desk.chart(
        "topics",
        title,
        f"Bars a topic: new cases in {wording.joined([period.in_words for period in periods])}.",
        Table(
            title,
            (
                Column("Topic", is_number=False),
                *(Column(period.short_name, kpi_id=CASES) for period in periods),
            ),
            body,
        ),
        lambda name, width: charts.bars(name, names, kept, "count", width=width),
        note="A conversation about two topics counts in both."
        + (f" {more} smaller ones are in the table." if more > 0 else ""),
    )


COLUMNS = (
    ("conversations", "Cases", "count"),
    ("first_reply_mean_h", "First reply, mean", "hours"),
    ("first_reply_p90_h", "90th percentile", "hours"),
    ("within_4h_share", "Within 4\u00a0h", "share"),
    ("response_rate", "Response rate", "share"),
    ("first_contact_resolution", "First contact resolution", "share"),
)
REASONS = {column: "no_cases" for column, _, unit in COLUMNS if unit != "count"}


def _table(desk: Desk, rows: list[dict[str, Any]]) -> Table:
    return desk.mart_table(
        "How each topic fared",
        TOPICS,
        rows,
        KEY,
        columns=COLUMNS,
        head=("topic", "Topic"),
        reasons=REASONS,
        note="Most cases first.",
    )


def _by_product(desk: Desk) -> list[Block]:
    """The largest topic of each product."""
    rows = [
        row
        for row in desk.rows(
            TOPICS, of_period(desk), order_by=("-conversations", "product", "topic")
        )
        if row["product"] != "all" and row["volume_rank"] == 1
    ]
    if not rows:
        return []
    table = desk.mart_table(
        "The largest topic of each product",
        TOPICS,
        rows,
        KEY,
        columns=(("topic", "Topic", "text"), *COLUMNS),
        head=("product", "Product"),
        reasons=REASONS,
    )
    return [Heading("The largest topic of each product", "topics-product"), table]
