"""Satisfaction: what customers answered, with the uncertainty of small numbers, and who answered.

The interval is computed here from the scorecard's numerator and denominator; the share itself is
the scorecard's.
"""

from __future__ import annotations

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence, wilson
from orchestration.reviews.serving import Reading

CSAT, ANSWERED = "K43", "K44"
#: All that surveys say, told side by side where the period has it.
MEASURES = (CSAT, ANSWERED, "K45")


def build(desk: Desk) -> Section:
    """The satisfaction section."""
    desk.section = "satisfaction"
    title = "Satisfaction"
    periods = desk.trend_of([CSAT])
    if desk.reading(CSAT).value is None and not periods:
        return Section(
            "satisfaction", title, (), (Missing("Customer satisfaction", desk.why_missing(CSAT)),)
        )
    blocks: list[Block] = [
        _chart(desk),
        Heading("What surveys say", "satisfaction-measures"),
        desk.comparison("What surveys say", MEASURES),
    ]
    for slice_kind in ("network", "product", "topic", "team"):
        table = _table(desk, slice_kind)
        if table is not None:
            blocks += [Heading(f"By {slice_kind}", f"satisfaction-{slice_kind}"), table]
    return Section("satisfaction", title, _standfirst(desk), tuple(blocks))


def interval(reading: Reading) -> tuple[float, float] | None:
    """The Wilson interval of a reading, if it has a value and its parts."""
    if reading.value is None or reading.numerator is None or not reading.denominator:
        return None
    return wilson(reading.numerator, reading.denominator)


def _confidence() -> str:
    """How sure an interval is, as the page writes per cent."""
    return wording.axis_number(0.95, "share")


def _interval_words(reading: Reading) -> str:
    bounds = interval(reading)
    if bounds is None:
        return wording.NOT_AVAILABLE
    low, high = (wording.number(bound, "share") for bound in bounds)
    return f"{low} to {high}"


def _standfirst(desk: Desk) -> Sentence:
    reading = desk.reading(CSAT)
    if reading.value is None:
        parts = sentence(
            f"No satisfaction figure for this {desk.period.kind}: {desk.why_missing(CSAT)}."
        )
    else:
        answers = wording.plural(reading.denominator or reading.n or 0, "answer")
        parts = sentence(desk.figure(CSAT), f" of customers who answered were satisfied ({answers}")
        if interval(reading) is not None:
            parts += sentence(f"; with {_confidence()} confidence from {_interval_words(reading)}")
        parts += sentence(").")
    if desk.reading(ANSWERED).value is not None:
        parts += sentence(" ", desk.figure(ANSWERED), " of surveys sent were answered.")
    return parts


def _chart(desk: Desk) -> Chart | Missing:
    by_time = f"Satisfaction by {desk.grain}"
    periods = desk.trend_of([CSAT])
    if not periods:
        return desk.no_trend(by_time)
    readings = desk.series(CSAT, periods)
    values = []
    for each in readings:
        bounds = interval(each)
        values.append(None if bounds is None else (each.value, *bounds))
    target = desk.reading(CSAT).target_value
    words = "" if target is None else f"target {wording.short(target, 'share')}"
    if all(each is None for each in values):
        return Missing(by_time, "its parts are not published")
    rows = tuple(
        (
            Cell(period.name),
            Cell(desk.show(each), note="provisional" if each.is_provisional else ""),
            Cell(_interval_words(each)),
            Cell("" if each.denominator is None else wording.number(each.denominator, "count")),
            Cell(desk.show(desk.reading(ANSWERED, period))),
        )
        for period, each in zip(periods, readings, strict=True)
    )
    table = Table(
        by_time,
        (
            Column(desk.grain.capitalize(), is_number=False),
            Column("Satisfied", kpi_id=CSAT),
            Column(f"{_confidence()} interval"),
            Column("Answers"),
            Column("Surveys answered", kpi_id=ANSWERED),
        ),
        rows,
    )

    def draw(name: str, width: int) -> str:
        return charts.intervals(
            name,
            [each.short_name for each in periods],
            values,
            width=width,
            target=target,
            target_words=words,
            highlighted=desk.highlighted,
        )

    return desk.chart(
        "csat",
        f"Satisfied customers by {desk.grain}, with {_confidence()} intervals",
        f"A dot and a vertical bar per {desk.grain}: the share of satisfied answers and its "
        f"{_confidence()} Wilson interval, {periods[0].name} to {periods[-1].name}. "
        f"{words.capitalize()}.",
        table,
        draw,
        note="The bar is the range that small numbers leave open. The axis does not start at zero.",
    )


def _table(desk: Desk, slice_kind: str) -> Table | None:
    values = desk.ranked(
        slice_kind, (CSAT,), CSAT, descending=False, keep_last=("untagged", "unassigned")
    )
    unpublished = [
        value
        for value in desk.snapshot.slice_values((CSAT,), desk.period, slice_kind)
        if value not in values
        and (desk.reading(CSAT, slice_=(slice_kind, value)).null_reason == "too_few")
    ]
    if not values and not unpublished:
        return None
    rows = []
    for value in [*values, *unpublished]:
        reading = desk.reading(CSAT, slice_=(slice_kind, value))
        code, _ = desk.status(reading)
        rows.append(
            (
                Cell(desk.name_of(slice_kind, value)),
                Cell(desk.show(reading), bar=reading.value, mark=reading.target_value, status=code),
                Cell(_interval_words(reading)),
                Cell(
                    wording.number(reading.denominator, "count")
                    if reading.denominator is not None
                    else wording.NOT_AVAILABLE
                ),
                Cell(desk.show(desk.reading(ANSWERED, slice_=(slice_kind, value)))),
            )
        )
    return Table(
        f"Satisfaction by {slice_kind}",
        (
            Column(slice_kind.capitalize(), is_number=False),
            Column("Satisfied", kpi_id=CSAT),
            Column(f"{_confidence()} interval"),
            Column("Answers"),
            Column("Surveys answered", kpi_id=ANSWERED),
        ),
        tuple(rows),
        "Lowest first.",
    )
