"""Objectives: what the quarter was measured by, and how far first replies have come.

The key results and the way from the baseline belong here. What makes replies slow or fast is the
speed section's.
"""

from __future__ import annotations

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Callout,
    Cards,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import PERIODS_OF_CARD, Desk, sentence
from orchestration.reviews.periods import up_to
from orchestration.reviews.sections.common import published

FIRST_REPLY, IMPROVEMENT = "K04", "K11"
KEY_RESULTS = ("K48", "K49", "K50", IMPROVEMENT)


def build(desk: Desk) -> Section | None:
    """The section of objectives and improvement."""
    desk.section = "improvement"
    results = published(desk, KEY_RESULTS)
    if not results:
        return None
    blocks: list[Block] = [Cards(tuple(desk.card(each) for each in results))]
    callout = _callout(desk)
    if callout is not None:
        blocks.append(callout)
    blocks += [
        Heading("First replies against the baseline", "improvement-baseline"),
        _months(desk),
        _quarters(desk),
    ]
    return Section(
        "improvement",
        "Objectives and improvement",
        _standfirst(desk, results),
        tuple(blocks),
    )


def _standfirst(desk: Desk, results: list[str]) -> Sentence:
    judged = [desk.status(desk.reading(each))[0] for each in results]
    judged = [code for code in judged if code not in ("", "grey")]
    if not judged:
        return sentence("No key result of this period could be held against a target.")
    met = judged.count("green")
    if met == len(judged):
        return sentence("Every key result with a target for this period was reached.")
    return sentence(
        f"{wording.small(met).capitalize()} of {wording.small(len(judged))} key results with a "
        "target for this period "
        f"{'was' if met == 1 else 'were'} reached."
    )


def _callout(desk: Desk) -> Callout | None:
    """From the baseline to now, in hours and as a share."""
    improvement, now = desk.reading(IMPROVEMENT), desk.reading(FIRST_REPLY)
    baseline = desk.benchmark(FIRST_REPLY, "baseline")
    if improvement.value is None or now.value is None or baseline is None:
        return None
    faster = improvement.value < 0
    return Callout(
        "Faster than before it was measured" if faster else "Not faster than before",
        sentence(
            "Customers waited ",
            baseline[0],
            " for a first reply before it was measured; now it is ",
            desk.show(now, "prose"),
            ", a change of ",
            desk.show(improvement, "prose"),
            ".",
        ),
    )


def _months(desk: Desk) -> Chart | Missing:
    title = f"First reply time by {desk.grain} and the baseline"
    periods = desk.trend_of([FIRST_REPLY])
    if not periods:
        return desk.no_trend(title)
    known = desk.benchmark(FIRST_REPLY, "baseline")
    baseline = known[0].reading.value if known else None
    words = "" if baseline is None else f"baseline {wording.number(baseline, 'hours')}"
    line = charts.Line(
        desk.definition(FIRST_REPLY).name,
        tuple(each.value for each in desk.series(FIRST_REPLY, periods)),
    )
    return desk.chart(
        "improvement-months",
        title,
        f"A line of the mean first reply time from {periods[0].name} to {periods[-1].name}"
        f"{f', under a rule at the {words}' if words else ''}.",
        desk.trend_table(title, [FIRST_REPLY], periods),
        lambda name, width: desk.lines(
            name, periods, [line], "hours", width=width, target=baseline, target_words=words
        ),
        note=desk.own_band,
    )


def _quarters(desk: Desk) -> Table | Missing:
    """The improvement by period of the page's kind, oldest first."""
    title = f"First reply time against the baseline by {desk.period.kind}"
    periods = [
        each
        for each in up_to(desk.period, PERIODS_OF_CARD)
        if desk.reading(IMPROVEMENT, each).value is not None
    ]
    if not periods:
        return Missing(title, desk.why_missing(IMPROVEMENT))
    rows = tuple(
        (
            Cell(each.name),
            Cell(desk.figure(FIRST_REPLY, each, style="table")),
            Cell(
                desk.figure(IMPROVEMENT, each, style="table"),
                status=desk.status(desk.reading(IMPROVEMENT, each))[0],
            ),
        )
        for each in periods
    )
    columns = (
        Column(desk.period.kind.capitalize(), is_number=False),
        Column("First reply time", kpi_id=FIRST_REPLY),
        Column("Against the baseline", kpi_id=IMPROVEMENT),
    )
    return Table(title, columns, rows)
