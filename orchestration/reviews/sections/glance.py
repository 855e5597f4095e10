"""The opening of a page: headline cards and two sentences that say what improved and what missed.

Which KPIs are headlines is told by the page; this module knows no KPI by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import wording
from orchestration.reviews.blocks import Block, Cards, Figure, Missing, Prose, Section, Sentence
from orchestration.reviews.desk import Desk, enumerated, sentence
from orchestration.reviews.serving import Reading

#: What a sentence can carry before it becomes a list.
MOST_NAMED = 3


def build(desk: Desk, leading: Sequence[str], others: Sequence[str]) -> Section:
    """Cards for the leading and the other headline KPIs, under the summary."""
    desk.section = "glance"
    headlines = [*leading, *others]
    published = [each for each in headlines if desk.reading(each).is_published]
    blocks: list[Block] = []
    if published:
        blocks.append(Cards(tuple(desk.card(each, is_lead=each in leading) for each in published)))
    absent = [each for each in headlines if each not in published]
    if absent:
        names = wording.joined([desk.definition(each).name for each in absent])
        blocks.append(Missing(names, wording.null_reason("not_published")))
    unsure = [desk.definition(each).name for each in published if desk.reading(each).is_provisional]
    if unsure:
        blocks.append(
            Prose(
                sentence(
                    "Provisional: ",
                    wording.joined(unsure),
                    f". {'This figure' if len(unsure) == 1 else 'These figures'} may still move, "
                    "because the last days are not settled yet.",
                )
            )
        )
    return Section(
        "glance",
        "At a glance",
        sentence(_improved(desk, published), " ", _missed(desk, published)),
        tuple(blocks),
        is_full_width=True,
    )


def _name(desk: Desk, reading: Reading) -> str:
    """A KPI's name inside a sentence: lower case unless it starts with an abbreviation."""
    name = desk.definition(reading.kpi_id, reading.definition_version).name
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _improved(desk: Desk, kpi_ids: Sequence[str]) -> Sentence:
    moved: list[Sentence] = []
    compared = 0
    for kpi_id in kpi_ids:
        reading = desk.reading(kpi_id)
        change = desk.change(reading, desk.previous)
        if change.text != wording.NOT_AVAILABLE and reading.value is not None:
            compared += 1
        if change.verdict == "better":
            before = desk.reading(kpi_id, desk.previous)
            old: str | Figure = (
                desk.show(before, "prose")
                if before.value is not None
                else wording.number(
                    reading.previous_value or 0.0, desk.definition(kpi_id).unit, "prose"
                )
            )
            verb = wording.verb(reading.value or 0.0, before.value or reading.previous_value or 0.0)
            moved.append(
                sentence(
                    f"{_name(desk, reading)} {verb} from ", old, " to ", desk.show(reading, "prose")
                )
            )
    against = desk.previous.name.lower()
    if not compared:
        return sentence(f"There is no comparison with the {against}.")
    if not moved:
        return sentence(f"None of the headline figures improved on the {against}.")
    more = len(moved) - MOST_NAMED
    tail = f"; {wording.small(more)} more improved" if more > 0 else ""
    return sentence(f"Against the {against}, ", enumerated(moved[:MOST_NAMED]), f"{tail}.")


def _missed(desk: Desk, kpi_ids: Sequence[str]) -> Sentence:
    off: list[Sentence] = []
    for status in ("red", "amber"):
        for kpi_id in kpi_ids:
            reading = desk.reading(kpi_id)
            if desk.status(reading)[0] == status:
                off.append(
                    sentence(
                        f"{_name(desk, reading)} with ",
                        desk.show(reading, "prose"),
                        f" (target {desk.target_words(reading)})",
                    )
                )
    judged = sum(
        desk.status(desk.reading(kpi_id))[0] in ("green", "amber", "red") for kpi_id in kpi_ids
    )
    if not judged:
        return sentence("No headline figure could be held against a target.")
    if not off:
        return sentence(f"All {judged} headline figures that have a target meet it.")
    more = len(off) - MOST_NAMED
    tail = f" and {wording.small(more)} more" if more > 0 else ""
    count = f"{wording.small(len(off))} of {wording.small(judged)}".capitalize()
    return sentence(
        f"{count} {'misses its' if len(off) == 1 else 'miss their'} target: ",
        enumerated(off[:MOST_NAMED], last="and" if more <= 0 else ""),
        f"{tail}.",
    )
