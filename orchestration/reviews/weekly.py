"""The weekly update: a compact page, and a review.md of at most twenty lines that fits a ticket.

Its headlines belong here, and the lines of the ticket: one a measure with value, target, change and
status. Brand love has its target by the month, so the update tells the month that the week ends in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orchestration.reviews import wording, writing
from orchestration.reviews.blocks import Block, Missing, Prose, Remark, Section, Table
from orchestration.reviews.cadences import WEEKLY
from orchestration.reviews.desk import Desk, enumerated, sentence
from orchestration.reviews.pages import ReviewPaths
from orchestration.reviews.sections import errata, glance, notes, quality, speed, workload

LEADING = ("K04", "K05", "K07")
OTHERS = ("K13", "K09", "K15", "K20", "K21", "K22", "K59", "K82")
BY_MONTH = "K48"
#: By topic the update names those whose customers waited longest for a first reply.
SLOWEST, BY_TOPIC, TOPICS_NAMED = "K04", "topic", 3
#: The work list: who waits longest at the as-of of the numbers.
WAITING, WAITING_NAMED = "kpi_unanswered", 5
WAITING_COLUMNS = (
    ("network", "Network", "text"),
    ("product", "Product", "text"),
    ("topic", "Topic", "text"),
    ("team", "Team", "text"),
    ("wait_s", "Waits", "seconds"),
)


def sections(desk: Desk) -> list[Section | None]:
    """Headlines with the running month and who waits, speed, workload, and what to know of them."""
    opening = glance.build(desk, LEADING, OTHERS)
    more: list[Block] = [running_month(desk), slowest_topics(desk), waiting(desk)]
    return [
        replace(opening, blocks=(*opening.blocks, *more)),
        speed.build(desk),
        workload.build(desk),
        notes.annotations(desk),
        errata.build(desk),
        quality.build(desk, brief=True),
    ]


def lines(desk: Desk) -> list[writing.Brief]:
    """What the ticket says: a line a headline, then topics, who waits, and what moved since."""
    desk.section = "glance"
    cards = [desk.card(each) for each in (*LEADING, *OTHERS) if desk.reading(each).is_published]
    found: list[writing.Brief] = [*cards, running_month(desk), slowest_topics(desk)]
    longest = _longest(desk)
    if longest:
        waits = [
            sentence(
                f"{desk.text_of('network', row['network'])} "
                f"({desk.text_of('product', row['product'])}) ",
                desk.number(WAITING, row, "wait_s", "seconds", ["conversation_key"], style="prose"),
            )
            for row in longest
        ]
        found.append(Prose(sentence("Waiting longest: ", enumerated(waits, last=""), ".")))
    moved = errata.brief(desk)
    return [*found, Prose(moved)] if moved else found


def slowest_topics(desk: Desk) -> Prose | Missing:
    """The topics whose customers waited longest for a first reply, on average."""
    topics = [
        topic
        for topic in desk.ranked(BY_TOPIC, [SLOWEST], SLOWEST)
        if desk.reading(SLOWEST, slice_=(BY_TOPIC, topic)).value is not None
    ]
    name = f"Slowest topics by {desk.definition(SLOWEST).name[:1].lower()}"
    name += desk.definition(SLOWEST).name[1:]
    if not topics:
        return Missing(name, wording.null_reason(desk.reading(SLOWEST).null_reason))
    named = [
        sentence(
            f"{desk.name_of(BY_TOPIC, topic)} ", desk.figure(SLOWEST, slice_=(BY_TOPIC, topic))
        )
        for topic in topics[:TOPICS_NAMED]
    ]
    return Prose(sentence(f"{name}: ", enumerated(named, last=""), "."))


def _longest(desk: Desk) -> list[dict[str, object]]:
    return desk.rows(WAITING, order_by=["-wait_s"], limit=WAITING_NAMED)


def waiting(desk: Desk) -> Table | Remark:
    """The conversations that wait longest for us, as of the numbers and not of the week's end."""
    rows = _longest(desk)
    if not rows:
        return Remark("Nobody waited for an answer at the as-of of these numbers.")
    return desk.mart_table(
        "Who waits longest at the as-of of these numbers",
        WAITING,
        rows,
        ["conversation_key"],
        columns=WAITING_COLUMNS,
        head=("profile_name", "Profile"),
    )


def running_month(desk: Desk) -> Prose | Missing:
    """Brand love in the month that the week ends in, against the target by the month."""
    reading = desk.reading(BY_MONTH, desk.month)
    name = f"{desk.definition(BY_MONTH, reading.definition_version).name} in {desk.month.name}"
    is_running = desk.publication.as_of_on <= desk.month.ends_on
    if reading.value is None:
        return Missing(name, wording.null_reason(reading.null_reason))
    parts = sentence(
        f"{name}{' so far' if is_running else ''}: ", desk.figure(BY_MONTH, desk.month)
    )
    if reading.target_value is not None:
        parts += sentence(f", target {desk.target_words(reading)} a month")
        if not is_running:
            # A month that is not over cannot have missed its target yet.
            parts += sentence(f", {desk.status(reading)[1].lower()}")
    if reading.is_provisional:
        parts += sentence(", provisional")
    return Prose(parts + sentence("."))


PLAN = writing.Plan(WEEKLY, sections, markdown="brief.md.j2", brief=lines)


def write_weekly_review(data_dir: Path | str, label: str) -> ReviewPaths:
    """Write the update of an ISO week such as `2026-W13`: see `writing.write`."""
    return writing.write(data_dir, PLAN, label)
