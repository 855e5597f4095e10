"""Cases worth reading: the conversations that show best what the numbers say.

Conversations are pointed at by their key, never quoted: what customers wrote stays out of reviews
but for brand love, which the love section quotes.
"""

from __future__ import annotations

from orchestration.reviews.blocks import Block, Cell, Column, Heading, Section, Table, source_anchor
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import LOOKED_UP, about, of_period, short_key

CASES = "kpi_case_examples"
KEY = ("period_kind", "period_start_on", "reason", "place")
REASONS = (
    ("longest_first_wait", "Waited longest for a first reply", "Waited"),
    ("longest_to_close", "Took longest to close", "Took"),
    ("most_handoffs", "Passed on most often", "Handoffs"),
    ("most_reopens", "Reopened most often", "Reopened"),
    ("dissatisfied", "Dissatisfied after most replies", "Replies"),
)


def build(desk: Desk) -> Section | None:
    """At most five conversations for each reason to read one."""
    desk.section = "cases"
    rows = desk.rows(CASES, of_period(desk), order_by=("place",))
    if not rows:
        return None
    blocks: list[Block] = []
    for reason, title, label in REASONS:
        found = [row for row in rows if row["reason"] == reason]
        if not found:
            continue
        body = tuple(
            (
                Cell(short_key(row["conversation_key"])),
                Cell(desk.number(CASES, row, "measured", row["unit"], KEY)),
                Cell(desk.text_of("opened_on", row["opened_on"])),
                Cell(desk.text_of("network", row["network"])),
                Cell(about(desk, row)),
                Cell(desk.text_of("team", row["team"])),
            )
            for row in found
        )
        columns = (
            Column("Conversation", is_number=False),
            Column(label, source=source_anchor(CASES, "measured")),
            Column("Opened on", is_number=False),
            Column("Network", is_number=False),
            Column("About", is_number=False),
            Column("Team", is_number=False),
        )
        blocks += [
            Heading(title, f"cases-{reason.replace('_', '-')}"),
            Table(title, columns, body),
        ]
    return Section(
        "cases",
        "Cases worth reading",
        sentence(
            f"Conversations opened in {desk.period.in_words} that show what the averages hide. "
            f"{LOOKED_UP}"
        ),
        tuple(blocks),
    )
