"""What analysts wrote for the reviews: what happened in the time shown, and what was tried.

Picking notes and wording them beside the measures they name belongs here. Corrections of closed
numbers do not: they stand with the numbers, in `errata.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.periods import Period, period_of, shifted
from orchestration.reviews.serving import OVERALL

NOTES = "kpi_review_notes"
#: What of a note is printed at most; a note is one to three sentences.
LONGEST_TITLE = 80
LONGEST_BODY = 400


def annotations(desk: Desk) -> Section | None:
    """What happened in the period, then in the time before that the trends show."""
    desk.section = "notes"
    found = _notes(desk, "annotation", desk.trend[0].starts_on)
    own = [note for note in found if _last_day(note) >= desk.period.starts_on]
    earlier = [note for note in found if _last_day(note) < desk.period.starts_on]
    if not found:
        return None
    blocks: list[Block] = []
    if own:
        blocks.append(_happened(desk, f"In {desk.period.in_words}", own))
    if earlier:
        blocks.append(_happened(desk, "Before, in the time that the trends show", earlier))
    return Section(
        "notes",
        "What happened",
        sentence(
            f"Analysts noted {_count(len(own), 'event')} of {desk.period.in_words} that a reader "
            "of its numbers should know of."
        ),
        tuple(blocks),
    )


def tactics(desk: Desk) -> Section | None:
    """What was tried in the period, with the measure it is about before it began and now."""
    desk.section = "tactics"
    found = _notes(desk, "tactic", desk.period.starts_on)
    if not found:
        return None
    begun = sum(note["starts_on"] >= desk.period.starts_on for note in found)
    blocks: list[Block] = []
    for place, note in enumerate(found, start=1):
        title = wording.trimmed(str(note["title"]), LONGEST_TITLE) or "(untitled)"
        blocks += [Heading(title, f"tactic-{place}"), Prose(_tactic(desk, note))]
    return Section(
        "tactics",
        "What was tried",
        sentence(
            f"{_count(len(found), 'tactic').capitalize()} "
            f"{'was' if len(found) == 1 else 'were'} under way in {desk.period.in_words}, "
            f"{wording.small(begun)} of them new. A measure that moved since one began is no proof "
            "that it moved because of it."
        ),
        tuple(blocks),
    )


def _notes(desk: Desk, kind: str, since: date) -> list[dict[str, Any]]:
    """Notes of a kind about any day from `since` to the end of the period, oldest first."""
    return [
        note
        for note in desk.rows(NOTES, {"kind": kind}, order_by=("starts_on", "note_id"))
        if note["starts_on"] <= desk.period.ends_on and _last_day(note) >= since
    ]


def _last_day(note: dict[str, Any]) -> date:
    return note["ends_on"] or date.max


def _happened(desk: Desk, caption: str, notes: Sequence[dict[str, Any]]) -> Table:
    """A row a note: when, what, and the measure it is about in the month or week it began in."""
    rows = []
    for note in notes:
        title = wording.trimmed(str(note["title"]), LONGEST_TITLE)
        cells = [
            Cell(_when(note)),
            Cell(_network(desk, note) + _joined(title, wording.trimmed(_text(note), LONGEST_BODY))),
        ]
        if note["kpi_id"]:
            began = max(note["starts_on"], desk.trend[0].starts_on)
            at = period_of(desk.grain, began, desk.period.first_month)
            reading = desk.reading(note["kpi_id"], at, _slice(note))
            name = desk.definition(note["kpi_id"], reading.definition_version).name
            figure = desk.show(reading)
            cells.append(Cell(figure, note=f"{name}, {at.short_name}"))
        else:
            cells.append(Cell(""))
        rows.append(tuple(cells))
    columns = (
        Column("When", is_number=False),
        Column("What happened", is_number=False),
        Column(f"Measure of that {desk.grain}"),
    )
    return Table(caption, columns, tuple(rows))


def _tactic(desk: Desk, note: dict[str, Any]) -> Sentence:
    """A tactic in a paragraph: since when, what it is, what its measure was and is, the outcome."""
    where = f", on {desk.name_of('network', note['network'])}" if note["network"] else ""
    parts = sentence(f"{_when(note)}{where}. ")
    body = wording.trimmed(_text(note), LONGEST_BODY)
    if body:
        parts += sentence(f"{body} ")
    if note["kpi_id"]:
        parts += _before_and_now(desk, note)
    outcome = wording.trimmed(str(note["outcome"] or ""), LONGEST_BODY)
    if outcome:
        parts += sentence(f" {outcome}")
    return parts


def _before_and_now(desk: Desk, note: dict[str, Any]) -> Sentence:
    began = period_of(desk.period.kind, note["starts_on"], desk.period.first_month)
    before: Period = shifted(began, -1)
    desk.snapshot.load_scorecard([before])
    now = desk.reading(note["kpi_id"], slice_=_slice(note))
    name = desk.definition(note["kpi_id"], now.definition_version).name
    if not desk.reading(note["kpi_id"], before, _slice(note)).is_published:
        return sentence(
            f"{name}: ",
            desk.show(now, "prose"),
            f" in {desk.period.in_words}; there are no numbers from before it began.",
        )
    return sentence(
        f"{name}: ",
        desk.figure(note["kpi_id"], before, _slice(note)),
        f" in {before.in_words}, before it began; ",
        desk.show(now, "prose"),
        f" in {desk.period.in_words}.",
    )


def _slice(note: dict[str, Any]) -> tuple[str, str]:
    return ("network", note["network"]) if note["network"] else OVERALL


def _network(desk: Desk, note: dict[str, Any]) -> str:
    return f"{desk.name_of('network', note['network'])}: " if note["network"] else ""


def _when(note: dict[str, Any]) -> str:
    """`8 March 2026`, `from 7 to 8 February 2026` in full, `Since 12 January 2026`."""
    first, last = note["starts_on"], note["ends_on"]
    if last is None:
        return f"Since {wording.day(first)}"
    if first == last:
        return wording.day(first)
    return f"{wording.day(first)} to {wording.day(last)}"


def _text(note: dict[str, Any]) -> str:
    return str(note["body"] or "")


def _joined(title: str, body: str) -> str:
    return f"{title}. {body}" if title and body else title or body


def _count(count: int, one: str) -> str:
    return f"{wording.small(count) if count else 'no'} {one if count == 1 else one + 's'}"
