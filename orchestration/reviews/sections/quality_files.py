"""What came in during a period: rows of each stream, what was refused and why, changed columns.

Tables of what extraction did belong here. What the rows are worth day by day does not (that is
`quality_feeds.py`), and nothing is counted here: the marts have every sum.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Missing,
    Remark,
    Table,
    source_anchor,
)
from orchestration.reviews.desk import Desk
from orchestration.reviews.sections.common import of_period

PERIODS = "kpi_data_quality_periods"
KEY = ("quality_period_key",)
FILES = "extraction_files"
#: Files listed by name, and columns; the rest is counted.
MOST_FILES = 15
MOST_COLUMNS = 12
REFUSED_WHOLE = ("rejected", "undeclared")
COUNTED = (
    ("rows_read", "Rows read"),
    ("rows_kept", "Rows kept"),
    ("rows_quarantined", "Set aside"),
    ("files_refused", "Files refused"),
)
CHANGES = {"columns_missing": "no longer there", "columns_new": "new"}


def blocks(desk: Desk) -> list[Block]:
    """Everything about files: streams, refusals by reason, files not read, columns."""
    return [
        Heading("What was read", "quality-files"),
        read(desk),
        Heading("What was refused", "quality-refused"),
        *refused(desk),
        Heading("Columns that changed", "quality-columns"),
        columns(desk),
    ]


def measured(desk: Desk, measures: list[str], *, is_total: bool) -> list[dict[str, Any]]:
    """Rows of the period's measures, as a whole or by reason, the largest first."""
    return desk.rows(
        PERIODS,
        {**of_period(desk), "measure": measures, "is_total": is_total},
        order_by=("-total_value", "source", "stream", "column_name", "reason"),
    )


def stream_of(row: dict[str, Any]) -> str:
    """The stream of a row as a folder of the landing zone."""
    return wording.label("/".join(filter(None, (row["source"], row["stream"]))))


def read(desk: Desk) -> Block:
    """Rows of the streams that exported something in the period."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in measured(desk, [measure for measure, _ in COUNTED], is_total=True):
        found.setdefault(stream_of(row), {})[row["measure"]] = row
    if not found:
        return Missing("Rows by stream", f"no file was exported in this {desk.period.kind}")
    rows = []
    for stream, by_measure in sorted(found.items()):
        cells = [Cell(stream)]
        for measure, _ in COUNTED:
            row = by_measure.get(measure)
            content = desk.number(PERIODS, row, "total_value", "count", KEY) if row else "none"
            cells.append(Cell(content))
        rows.append(tuple(cells))
    source = source_anchor(PERIODS, "total_value")
    return Table(
        f"Files exported in {desk.period.name}, by stream",
        (
            Column("Stream", is_number=False),
            *(Column(label, source=source) for _, label in COUNTED),
        ),
        tuple(rows),
        "Rows read are rows kept and rows set aside: a check before publishing says so.",
    )


def refused(desk: Desk) -> list[Block]:
    """Rows set aside by stream and reason, and the files that were not read at all."""
    found: list[Block] = []
    rows = measured(desk, ["rows_quarantined"], is_total=False)
    if rows:
        found.append(
            desk.mart_table(
                "Rows set aside, by stream and reason",
                PERIODS,
                rows,
                KEY,
                columns=[
                    ("reason", "Reason", "text"),
                    ("column_name", "Column", "text"),
                    ("total_value", "Rows", "count"),
                ],
                head=("stream", "Stream"),
                names=[stream_of(row) for row in rows],
            )
        )
    whole = not_read(desk)
    return [*found, *([whole] if whole else [])] or [Remark("Nothing was set aside.")]


def not_read(desk: Desk) -> Table | None:
    """Files that lie in the landing zone and could not be read, whenever they came."""
    files = desk.rows(FILES, {"status": list(REFUSED_WHOLE)}, order_by=("file",))
    if not files:
        return None
    more = len(files) - MOST_FILES
    rows = []
    for row in files[:MOST_FILES]:
        file = str(row.get("file") or "")
        message = str(row.get("message") or "").removeprefix(f"{file}: ")
        rows.append(
            (
                Cell(wording.trimmed(file, 90)),
                Cell(wording.clean(str(row["status"]))),
                Cell(wording.trimmed(message, 300) or "no reason was recorded"),
            )
        )
    return Table(
        "Files that were not read",
        (
            Column("File", is_number=False),
            Column("Status", is_number=False),
            Column("Why", is_number=False),
        ),
        tuple(rows),
        f"{wording.plural(more, 'more file')} in marts.{FILES}." if more > 0 else "",
    )


def columns(desk: Desk) -> Block:
    """Columns that the exports of the period have for the first time, or have no longer."""
    rows = measured(desk, list(CHANGES), is_total=False)
    if not rows:
        return Remark("No stream gained or lost a column.")
    by_stream: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        change = CHANGES[row["measure"]]
        if row["measure"] == "columns_new":
            change += ", and read by nothing" if row["reason"] else ", and read from now on"
        by_stream.setdefault((stream_of(row), change), []).append(
            wording.label(str(row["column_name"]))
        )
    body = []
    for (stream, change), names in sorted(by_stream.items()):
        more = len(names) - MOST_COLUMNS
        told = ", ".join(sorted(names)[:MOST_COLUMNS]) + (f" and {more} more" if more > 0 else "")
        body.append((Cell(stream), Cell(change), Cell(told)))
    return Table(
        "Columns of exports",
        (
            Column("Stream", is_number=False),
            Column("Change", is_number=False),
            Column("Columns", is_number=False),
        ),
        tuple(body),
    )
