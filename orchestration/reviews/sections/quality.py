"""Where the numbers stand: files read and refused, checks, freshness, and what is not certain.

Everything is counted elsewhere (extraction, publish, scorecard) and listed here. Built after the
other sections, because it lists what they showed.
"""

from __future__ import annotations

import re
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Missing,
    Remark,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.serving import OVERALL

FILES = "extraction_files"
#: `3 × negative value in first_user_reply_in`, up to the next count or the next remark.
COUNTED_REASON = re.compile(r"(\d+) × (.+?)(?=, \d+ × |; |$)")
#: Files listed by name; the rest is counted.
MOST_FILES = 15
REFUSED_WHOLE = ("rejected", "undeclared")
COUNTS = (
    ("files", "Files"),
    ("rows_read", "Rows read"),
    ("rows_in_lake", "Rows kept"),
    ("rows_quarantined", "Quarantined"),
    ("files_rejected", "Not read"),
)
NEWEST = ("latest_exported_at", "exported_at")


def build(desk: Desk) -> Section:
    """The data-quality section."""
    desk.section = "quality"
    blocks: list[Block] = [
        Heading("What was read", "quality-files"),
        *_files(desk),
        Heading("What was refused", "quality-refused"),
        *_refused(desk),
        Heading("What may still change", "quality-provisional"),
        _provisional(desk),
        Heading("What is missing, and why", "quality-missing"),
        _nulls(desk),
        Heading("Definitions that changed", "quality-definitions"),
        _changed(desk),
    ]
    return Section("quality", "Where the numbers stand", _standfirst(desk), tuple(blocks))


def _rows(desk: Desk) -> list[dict[str, Any]]:
    """Extraction per stream; per-file rows are added up."""
    streams: dict[tuple[str, str], dict[str, Any]] = {}
    for row in desk.snapshot.rows(FILES):
        key = (str(row.get("source") or ""), str(row.get("stream") or ""))
        total = streams.setdefault(key, {"source": key[0], "stream": key[1]})
        counted = {name: row[name] for name, _ in COUNTS if name in row}
        if "files" not in row:
            counted["files"] = 1
            counted["files_rejected"] = int(row.get("status") in REFUSED_WHOLE)
        for name, value in counted.items():
            total[name] = total.get(name, 0) + int(value or 0)
        for name in NEWEST:
            if row.get(name) is not None:
                total["newest"] = max(row[name], total.get("newest", row[name]))
    return [streams[key] for key in sorted(streams)]


def _sum(rows: list[dict[str, Any]], name: str) -> int:
    return sum(int(row.get(name, 0)) for row in rows)


def _standfirst(desk: Desk) -> Sentence:
    publication = desk.publication
    parts: list[str] = []
    if publication.checks_passed.isdigit() and int(publication.checks_passed):
        checks = wording.plural(int(publication.checks_passed), "check")
        parts.append(f"{checks} passed before these numbers were published.")
    rows = _rows(desk)
    if rows:
        read, kept, refused = (
            _sum(rows, name) for name in ("rows_read", "rows_in_lake", "rows_quarantined")
        )
        sure = (
            "every row read is in the warehouse's lake or in quarantine"
            if read == kept + refused
            else f"{wording.plural(abs(read - kept - refused), 'row')} read are in neither the "
            "lake nor quarantine"
        )
        parts.append(
            f"{wording.plural(_sum(rows, 'files'), 'file')} with "
            f"{wording.plural(read, 'row')} were read, "
            f"{wording.plural(refused, 'row')} of them set aside: {sure}."
        )
    return sentence(" ".join(parts)) if parts else ()


def _files(desk: Desk) -> list[Block]:
    rows = _rows(desk)
    if not rows:
        return [Missing("Files and rows", "the snapshot lists no files")]
    shown = [(name, label) for name, label in COUNTS if any(name in row for row in rows)]
    has_newest = any("newest" in row for row in rows)
    body = []
    for row in rows:
        cells = [
            Cell(wording.clean(f"{row['source']}/{row['stream']}")),
            *(Cell(wording.number(row.get(name, 0), "count")) for name, _ in shown),
        ]
        if has_newest:
            newest = row.get("newest")
            cells.append(Cell(wording.day(newest) if newest else wording.NOT_AVAILABLE))
        body.append(tuple(cells))
    total = [
        Cell("All streams"),
        *(Cell(wording.number(_sum(rows, name), "count")) for name, _ in shown),
    ]
    if has_newest:
        newest = max(row["newest"] for row in rows if "newest" in row)
        total.append(Cell(wording.day(newest)))
    columns = [Column("Stream", is_number=False), *(Column(label) for _, label in shown)]
    if has_newest:
        columns.append(Column("Newest export"))
    return [Table("Files and rows by stream", tuple(columns), (*body, tuple(total)))]


def _refused(desk: Desk) -> list[Block]:
    """Files that were not read at all, one by one; rows set aside, by stream and reason."""
    whole = []
    counted: dict[tuple[str, str], list[int]] = {}
    for row in desk.snapshot.rows(FILES):
        file = str(row.get("file") or "")
        message = wording.clean(str(row.get("message") or "")).removeprefix(f"{file}: ")
        if row.get("status") in REFUSED_WHOLE:
            whole.append((file, str(row["status"]), message))
        elif row.get("rows_quarantined"):
            stream = wording.clean(f"{row.get('source')}/{row.get('stream')}")
            for count, reason in _reasons(message, int(row["rows_quarantined"])):
                total = counted.setdefault((stream, reason), [0, 0])
                total[0] += 1
                total[1] += count
    blocks: list[Block] = []
    if whole:
        more = len(whole) - MOST_FILES
        blocks.append(
            Table(
                "Files that were not read",
                (
                    Column("File", is_number=False),
                    Column("Status", is_number=False),
                    Column("Why", is_number=False),
                ),
                tuple(
                    (
                        Cell(wording.trimmed(file, 90)),
                        Cell(status),
                        Cell(wording.trimmed(message, 300) or "no reason was recorded"),
                    )
                    for file, status, message in sorted(whole)[:MOST_FILES]
                ),
                f"{wording.plural(more, 'more file')} in marts.extraction_files."
                if more > 0
                else "",
            )
        )
    if counted:
        blocks.append(
            Table(
                "Rows in quarantine by stream and reason",
                (
                    Column("Stream", is_number=False),
                    Column("Reason", is_number=False),
                    Column("Files"),
                    Column("Rows"),
                ),
                tuple(
                    (
                        Cell(stream),
                        Cell(wording.trimmed(reason, 160)),
                        Cell(wording.number(files, "count")),
                        Cell(wording.number(rows, "count")),
                    )
                    for (stream, reason), (files, rows) in sorted(
                        counted.items(), key=lambda item: (-item[1][1], item[0])
                    )
                ),
            )
        )
    return blocks or [Remark("Nothing was set aside.")]


def _reasons(message: str, rows: int) -> list[tuple[int, str]]:
    """Counts and reasons out of what extraction said of a file: `… in quarantine: 2 × reason`.

    A message without counts is one reason for all rows.
    """
    _, _, told = message.partition("in quarantine: ")
    found = [(int(count), reason) for count, reason in COUNTED_REASON.findall(told)]
    if sum(count for count, _ in found) == rows:
        return found
    return [(rows, told or message or "no reason was recorded")]


def _own(desk: Desk) -> list[Any]:
    """Readings of the page's own period that are on the page."""
    return [
        each.reading
        for each in desk.ledger.cells
        if each.reading.period_kind == desk.period.kind
        and each.reading.period_start_on == desk.period.starts_on
    ]


def _provisional(desk: Desk) -> Block:
    names: dict[str, int | None] = {}
    for reading in _own(desk):
        if reading.is_provisional and (reading.slice_kind, reading.slice_value) == OVERALL:
            definition = desk.definition(reading.kpi_id, reading.definition_version)
            names[definition.name] = definition.maturity_days
    if not names:
        return Remark("All figures of this period are past their maturity.")
    return Table(
        "Figures of this period that may still move",
        (Column("Measure", is_number=False), Column("Settled after")),
        tuple(
            (
                Cell(name),
                Cell(wording.NOT_AVAILABLE if days is None else wording.plural(days, "day")),
            )
            for name, days in sorted(names.items())
        ),
    )


def _nulls(desk: Desk) -> Block:
    counted: dict[tuple[str, str], list[str]] = {}
    for reading in _own(desk):
        if reading.value is None:
            name = desk.definition(reading.kpi_id, reading.definition_version).name
            where = (
                "overall"
                if reading.slice_kind == "overall"
                else desk.name_of(reading.slice_kind, reading.slice_value)
            )
            counted.setdefault((name, wording.null_reason(reading.null_reason)), []).append(where)
    if not counted:
        return Remark("Every figure of this period has a value.")
    body = []
    for (name, reason), where in sorted(counted.items()):
        places = list(dict.fromkeys(where))
        more = f" and {len(places) - 4} more" if len(places) > 4 else ""
        body.append((Cell(name), Cell(reason), Cell(", ".join(places[:4]) + more)))
    return Table(
        "Figures printed as n/a",
        (
            Column("Measure", is_number=False),
            Column("Reason", is_number=False),
            Column("Where", is_number=False),
        ),
        tuple(body),
    )


def _changed(desk: Desk) -> Block:
    rows = []
    first: dict[str, Any] = {}
    for each in desk.all_definitions:
        earlier = first.setdefault(each.kpi_id, each)
        starts = each.valid_from_on
        if (
            each is not earlier
            and starts is not None
            and desk.year_ago.starts_on <= starts <= desk.period.ends_on
        ):
            rows.append(
                (
                    Cell(each.name),
                    Cell(f"version {wording.clean(each.version)}"),
                    Cell(wording.day(starts)),
                    Cell(wording.clean(each.formula)),
                )
            )
    if not rows:
        return Remark("No definition changed in the time that this page compares.")
    return Table(
        "Definitions that changed in the time that this page compares",
        (
            Column("Measure", is_number=False),
            Column("Version", is_number=False),
            Column("From", is_number=False),
            Column("Now", is_number=False),
        ),
        tuple(rows),
        "A comparison across a change is not made; it is printed as n/a.",
    )
