"""The weekly update: a compact page, and a review.md of at most twenty lines that fits a ticket.

Its headlines belong here, and the one measure it tells by the month: brand love has its target
there, so the update shows the month that the week ends in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orchestration.reviews import wording, writing
from orchestration.reviews.blocks import Missing, Prose, Section
from orchestration.reviews.cadences import WEEKLY
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.pages import ReviewPaths
from orchestration.reviews.sections import glance, speed, workload

LEADING = ("K04", "K07", "K13")
OTHERS = ("K05", "K15", "K20", "K21")
#: A week has few surveys: satisfaction is a headline only when there are enough answers to show it.
IF_SHOWN = "K43"
BY_MONTH = "K48"


def sections(desk: Desk) -> list[Section]:
    """Headlines with the running month, speed and workload."""
    others = (*OTHERS, IF_SHOWN) if desk.reading(IF_SHOWN).value is not None else OTHERS
    opening = glance.build(desk, LEADING, others)
    opening = replace(opening, blocks=(*opening.blocks, running_month(desk)))
    return [opening, speed.build(desk), workload.build(desk)]


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


PLAN = writing.Plan(WEEKLY, sections, markdown="brief.md.j2")


def write_weekly_review(data_dir: Path | str, label: str) -> ReviewPaths:
    """Write the update of an ISO week such as `2026-W13`: see `writing.write`."""
    return writing.write(data_dir, PLAN, label)
