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
    changes = {
        kpi_id: desk.change(desk.reading(kpi_id), desk.previous)
        for kpi_id in kpi_ids
        if desk.reading(kpi_id).value is not None
    }
    better = [kpi_id for kpi_id, change in changes.items() if change.verdict == "better"]
    against = desk.previous.in_words
    if all(change.text == wording.NOT_AVAILABLE for change in changes.values()):
        return sentence(f"There is no comparison with {against}.")
    if not better:
        return sentence(f"None of the headline figures improved on {against}.")
    more = len(better) - MOST_NAMED
    tail = f"; {wording.small(more)} more improved" if more > 0 else ""
    moves = [_move(desk, kpi_id) for kpi_id in better[:MOST_NAMED]]
    return sentence(f"Against {against}, ", enumerated(moves), f"{tail}.")


def _move(desk: Desk, kpi_id: str) -> Sentence:
    """A KPI's way from the period before to this one: `x fell from a to b`."""
    now, before = desk.reading(kpi_id), desk.reading(kpi_id, desk.previous)
    if before.value is None:
        unit = desk.definition(kpi_id, now.definition_version).unit
        old: str | Figure = wording.number(now.previous_value, unit, "prose")
        verb = wording.verb(now.value, now.previous_value)
    else:
        old = desk.show(before, "prose")
        verb = wording.verb(now.value, before.value)
    return sentence(f"{_name(desk, now)} {verb} from ", old, " to ", desk.show(now, "prose"))


def _missed(desk: Desk, kpi_ids: Sequence[str]) -> Sentence:
    judged = {kpi_id: desk.status(desk.reading(kpi_id))[0] for kpi_id in kpi_ids}
    judged = {kpi_id: code for kpi_id, code in judged.items() if code not in ("", "grey")}
    off = [each for code in ("red", "amber") for each in judged if judged[each] == code]
    if not judged:
        return sentence("No headline figure could be held against a target.")
    if not off:
        if len(judged) == 1:
            return sentence("The one headline figure that could be judged meets its target.")
        count = wording.small(len(judged))
        return sentence(f"All {count} headline figures that could be judged meet their target.")
    more = len(off) - MOST_NAMED
    count = f"{wording.small(len(off))} of {wording.small(len(judged))}".capitalize()
    return sentence(
        f"{count} {'misses its' if len(off) == 1 else 'miss their'} target: ",
        enumerated(
            [_miss(desk, kpi_id) for kpi_id in off[:MOST_NAMED]], last="" if more > 0 else "and"
        ),
        f" and {wording.small(more)} more." if more > 0 else ".",
    )


def _miss(desk: Desk, kpi_id: str) -> Sentence:
    reading = desk.reading(kpi_id)
    return sentence(
        f"{_name(desk, reading)} with ",
        desk.show(reading, "prose"),
        f" (target {desk.target_words(reading)})",
    )
