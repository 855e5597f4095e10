"""Agreement: what the inboxes say of the same conversations, beside what the warehouse computes.

The reconciliation of tools belongs here. Which numbers are published is not decided by it: they are
always the warehouse's own.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews.blocks import Cell, Column, Section, Table, source_anchor
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import of_period

TABLE = "kpi_reconciliation"
KEY = ("period_kind", "period_start_on", "source", "metric")
METRICS = {
    "first_reply_s": "first reply",
    "first_reply_business_s": "first reply in business hours",
    "first_close_s": "first close",
    "final_close_s": "final close",
    "handle_s": "handle time",
    "human_replies": "human replies",
    "reopens": "reopens",
}
COLUMNS = (
    ("conversations_compared", "Compared"),
    ("conversations_agreeing", "Agree"),
    ("tool_mean", "The tool's mean"),
    ("our_mean", "Ours"),
    ("mean_gap", "Gap"),
)


def build(desk: Desk) -> Section | None:
    """A row for every measure that an inbox reports itself."""
    desk.section = "agreement"
    rows = desk.rows(TABLE, of_period(desk), order_by=("source", "metric"))
    if not rows:
        return None
    body = tuple(
        (
            Cell(f"{desk.name_of('source', row['source'])}: {METRICS[row['metric']]}"),
            *(
                Cell(desk.number(TABLE, row, column, _unit(row, column), KEY, reason="no_cases"))
                for column, _ in COLUMNS
            ),
        )
        for row in rows
    )
    columns = (
        Column("Inbox and measure", is_number=False),
        *(Column(label, source=source_anchor(TABLE, column)) for column, label in COLUMNS),
    )
    return Section(
        "agreement",
        "Do the inboxes say the same?",
        sentence(
            "Each inbox exports numbers of its own. The warehouse computes them again from the "
            "messages and publishes its own; this is how far the two are apart."
        ),
        (
            Table(
                "What inboxes report, against what we compute",
                columns,
                body,
                "Two agree within a minute, or exactly where they count. The gap is the tool's "
                "mean less ours. Answers by bots, merged threads, the tool's own business hours, "
                "and timers that run only while somebody types are the usual reasons.",
            ),
        ),
    )


def _unit(row: dict[str, Any], column: str) -> str:
    if column.startswith("conversations"):
        return "count"
    return "seconds" if row["metric"].endswith("_s") else "ratio"
