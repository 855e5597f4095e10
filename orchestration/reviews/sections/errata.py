"""Numbers that were told and are others now: was, now, and why.

Picking what a review has to tell and wording it belongs here. What changed, and for which cause, is
computed by the mart `kpi_restatements`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Prose,
    Remark,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, enumerated, sentence
from orchestration.reviews.periods import period_named
from orchestration.reviews.serving import OVERALL

RESTATEMENTS, CLOSINGS = "kpi_restatements", "dim_closed_period"
KEY = (
    "closed_kind",
    "closed_label",
    "period_kind",
    "period_start_on",
    "kpi_id",
    "slice_kind",
    "slice_value",
)
#: Whose closings a review answers for: the monthly one comes next after a quarter was restated.
ANSWERS_FOR = {"month": ("month", "quarter"), "quarter": ("quarter",)}
#: A weekly number has moved when it did by more than two per cent.
MOVED = 0.02
MOST_ROWS, MOST_IN_BRIEF = 20, 3
LONGEST_NOTE, LONGEST_STREAMS = 400, 200

CAUSES = {
    "definition_change": "Definition",
    "correction": "Correction",
    "late_data": "Late data",
    "late_data_or_correction": "Late data or correction",
    "time_passed": "Time",
}


def build(desk: Desk) -> Section | None:
    """Restatements of closed periods; of a week, what moved since the update before."""
    desk.section = "errata"
    return _moved(desk) if desk.period.kind == "week" else _errata(desk)


def brief(desk: Desk) -> Sentence | None:
    """What moved since the update of the week before, of this one's headlines, in a sentence."""
    headlines = _shown(desk, "glance")
    rows = [row for row in _moves(desk) if row["kpi_id"] in headlines]
    if not rows:
        return None
    told = [
        sentence(
            f"{_name(desk, row)} ",
            _figure(desk, row, "was", "prose"),
            " → ",
            _figure(desk, row, "now", "prose"),
            f" ({CAUSES[row['cause']].lower()})",
        )
        for row in rows[:MOST_IN_BRIEF]
    ]
    more = " and others on the page" if len(rows) > MOST_IN_BRIEF else ""
    return sentence(
        f"Moved since the update of {desk.previous.short_name}: ", enumerated(told, ""), f"{more}."
    )


def _moved(desk: Desk) -> Section | None:
    shown = _shown(desk)
    rows = [row for row in _moves(desk) if row["kpi_id"] in shown]
    if not rows:
        return None
    return Section(
        "errata",
        f"What moved since the update of {desk.previous.short_name}",
        sentence(
            f"{wording.plural(len(rows), 'measure')} of {desk.previous.in_words} moved by more "
            "than two per cent after its update was written."
        ),
        (_table(desk, desk.previous.name, rows[:MOST_ROWS]), *_reasons(rows)),
    )


def _errata(desk: Desk) -> Section | None:
    kinds = ANSWERS_FOR[desk.period.kind]
    closed = [
        row
        for row in desk.rows(CLOSINGS, {"closed_kind": kinds}, order_by=("period_start_on",))
        if row["period_end_on"] <= desk.period.ends_on and not _is_own(desk, row)
    ]
    if not closed:
        return None
    told_in = f"told_in_{desk.period.kind}"
    found = [
        row
        for row in desk.rows(RESTATEMENTS, {"closed_kind": kinds})
        if row["closed_end_on"] <= desk.period.ends_on and not _is_own(desk, row)
    ]
    fresh = [row for row in found if row[told_in] is None]
    blocks: list[Block] = []
    for closing in closed:
        own = [row for row in fresh if _of(row) == _of(closing)]
        if own:
            blocks += _of_closing(desk, closing, own)
    if len(fresh) < len(found):
        blocks.append(
            Remark(
                "What earlier reviews told of closed periods is not repeated; all of it is in "
                f"marts.{RESTATEMENTS}."
            )
        )
    names = wording.joined([_period_name(desk, row) for row in closed[-4:]])
    earlier = "earlier ones, " if len(closed) > 4 else ""
    if fresh:
        standfirst = (
            f"Numbers of {earlier}{names} are closed: they stay as they were told. "
            f"{wording.plural(len(fresh), 'of them is', 'of them are')} different by what is known "
            "now."
        )
    else:
        standfirst = (
            f"None: the numbers of {earlier}{names}, which are closed, come out of today's data "
            "as they were told."
        )
    return Section("errata", "Errata", sentence(standfirst), tuple(blocks))


def _of_closing(desk: Desk, closing: dict[str, Any], rows: Sequence[dict[str, Any]]) -> list[Block]:
    """The whole of the closed period first; its slices, and a quarter's months, are counted."""
    shown = _shown(desk)
    whole = sorted(
        (
            row
            for row in rows
            if row["period_kind"] == row["closed_kind"] and _slice(row) == OVERALL
        ),
        key=lambda row: (row["kpi_id"] not in shown, *_by_size(row)),
    )
    parts = len(rows) - len(whole)
    blocks: list[Block] = []
    closed_on = wording.day(desk.day_of(closing["closed_as_of_at"]))
    name = f"{_period_name(desk, closing)}, closed as of {closed_on}"
    if whole:
        blocks.append(_table(desk, name[:1].upper() + name[1:], whole[:MOST_ROWS]))
    left = len(whole) - MOST_ROWS
    others = []
    if left > 0:
        others.append(wording.plural(left, "more measure"))
    if parts:
        others.append(f"{wording.plural(parts, 'number')} of slices or single months")
    if others:
        blocks.append(
            Remark(
                f"Also different from what was closed: {wording.joined(others)}, listed in "
                f"marts.{RESTATEMENTS}."
            )
        )
    return [*blocks, *_reasons(rows)]


def _table(desk: Desk, caption: str, rows: Sequence[dict[str, Any]]) -> Table:
    body = []
    defined = {each.reading.kpi_id for each in desk.ledger.cells}
    for row in rows:
        change: str | Figure = ""
        if row["relative_change"] is not None:
            change = desk.number(RESTATEMENTS, row, "relative_change", "share", KEY)
        note = "provisional" if row["was_provisional"] else ""
        body.append(
            (
                Cell(_name(desk, row), kpi_id=row["kpi_id"] if row["kpi_id"] in defined else ""),
                Cell(_figure(desk, row, "was"), note=note),
                Cell(_figure(desk, row, "now")),
                Cell(change, note=CAUSES[row["cause"]]),
            )
        )
    columns = (
        Column("Measure", is_number=False),
        Column("Was"),
        Column("Now"),
        Column("Change and cause"),
    )
    return Table(caption, columns, tuple(body))


def _reasons(rows: Sequence[dict[str, Any]]) -> list[Block]:
    """What the causes in a table mean, with what is known of each: notes, streams, versions."""
    found: list[Block] = []
    for cause, name in CAUSES.items():
        own = [row for row in rows if row["cause"] == cause]
        if own:
            found.append(Prose(sentence(f"{name}: {_meaning(cause, own)}")))
    return found


def _meaning(cause: str, rows: Sequence[dict[str, Any]]) -> str:
    streams = wording.trimmed(rows[0]["late_streams"] or "", LONGEST_STREAMS)
    notes = sorted({wording.trimmed(row["note"], LONGEST_NOTE) for row in rows if row["note"]})
    if cause == "definition_change":
        versions = any(
            row["was_definition_version"] != row["now_definition_version"] for row in rows
        )
        ours = "a new version of the definition is in force" if versions else ""
        theirs = "" if versions else "a network means something else by what it counts"
        return f"{ours or theirs}; was and now are not the same measure."
    if cause == "correction" and notes:
        return " ".join(notes)
    if cause == "correction":
        return "models or reference data were corrected; no file came in."
    if cause == "late_data":
        return f"files came in after the numbers were told, of {streams}; nothing else changed."
    if cause == "late_data_or_correction":
        return (
            f"files came in, of {streams}, and models or reference data changed as well; nobody "
            "has noted which of the two it was."
        )
    return "nothing came in and nothing was corrected; the numbers were not settled when told."


def _moves(desk: Desk) -> list[dict[str, Any]]:
    """What moved of the week before, the largest move first."""
    rows = desk.rows(
        RESTATEMENTS,
        {
            "closed_kind": "week",
            "period_kind": "week",
            "period_start_on": desk.previous.starts_on,
            "slice_kind": "overall",
        },
    )
    moved = [
        row for row in rows if row["relative_change"] is None or abs(row["relative_change"]) > MOVED
    ]
    return sorted(moved, key=_by_size)


def _by_size(row: dict[str, Any]) -> tuple[bool, float, str]:
    """What appeared or vanished first, then the largest move; names break ties."""
    moved = row["relative_change"]
    return (moved is not None, -abs(moved or 0.0), row["kpi_id"])


def _shown(desk: Desk, section: str | None = None) -> set[str]:
    """KPIs of the page's own period that are on the page, or in one section of it."""
    return {
        each.reading.kpi_id
        for each in desk.ledger.cells
        if each.reading.period_start_on == desk.period.starts_on
        and each.reading.period_kind == desk.period.kind
        and section in (None, each.section)
    }


def _figure(desk: Desk, row: dict[str, Any], side: str, style: str = "table") -> Figure:
    unit = desk.definition(row["kpi_id"], row["now_definition_version"]).unit
    reason = row[f"{side}_reason"]
    return desk.number(RESTATEMENTS, row, f"{side}_value", unit, KEY, reason=reason, style=style)


def _name(desk: Desk, row: dict[str, Any]) -> str:
    return desk.definition(row["kpi_id"], row["now_definition_version"]).name


def _period_name(desk: Desk, row: dict[str, Any]) -> str:
    return period_named(row["closed_kind"], row["closed_label"], desk.period.first_month).in_words


def _slice(row: dict[str, Any]) -> tuple[str, str]:
    return (row["slice_kind"], row["slice_value"])


def _of(row: dict[str, Any]) -> tuple[str, str]:
    return (row["closed_kind"], row["closed_label"])


def _is_own(desk: Desk, row: dict[str, Any]) -> bool:
    return _of(row) == (desk.period.kind, desk.period.label)
