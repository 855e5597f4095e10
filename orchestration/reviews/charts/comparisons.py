"""Charts that compare names: dots of several measures a row, and grouped bars.

Rows are drawn in the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.reviews import wording
from orchestration.reviews.charts.drawing import Drawing, fitted, width_of
from orchestration.reviews.charts.look import (
    GRID,
    INK,
    MUTED,
    PAST,
    ROOMY,
    SERIES,
    SHAPES,
    WIDE,
    Line,
    ticks,
)
from orchestration.reviews.charts.vega import altair, axis_of, configured, data_of, svg

BAR, BAR_GAP, GROUP_GAP, LEGEND = 15, 2, 12, 26


@dataclass(frozen=True)
class Row:
    """One row of a dot chart: a name and one value per measure."""

    name: str
    values: tuple[float | None, ...]


def dots(
    name: str,
    measures: Sequence[str],
    rows: Sequence[Row],
    unit: str,
    *,
    width: int = WIDE,
    target: float | None = None,
    target_words: str = "",
) -> str:
    """One line per row, one mark per measure (its own shape and colour), joined by a thin rule."""
    alt = altair()

    known = [value for row in rows for value in row.values if value is not None]
    reach = known + ([] if target is None else [target]) + [0.0]
    steps = ticks(min(reach), max(reach), about=5 if width > 500 else 4)
    x = alt.X(
        "value:Q", scale=alt.Scale(domain=[steps[0], steps[-1]], nice=False), title=None
    ).axis(domain=False, ticks=False, labelFlush=False, **axis_of(steps, unit))
    order = [row.name for row in rows]
    limit = 190 if width > 500 else 104
    y = alt.Y("row:N", sort=order, title=None).axis(
        domain=False,
        ticks=False,
        labelColor=INK,
        labelLimit=limit,
        # Readers' fonts can be wider than the one the labels were measured with.
        minExtent=min(limit, 7.3 * max(len(name) for name in order)),
        grid=False,
    )
    flat = [
        {"row": row.name, "measure": measure, "value": value}
        for row in rows
        for measure, value in zip(measures, row.values, strict=True)
        if value is not None
    ]
    data = data_of(flat)
    spans = [
        {
            "row": row.name,
            "low": min(v for v in row.values if v is not None),
            "high": max(v for v in row.values if v is not None),
        }
        for row in rows
        if any(v is not None for v in row.values)
    ]
    joined = (
        alt.Chart(data_of(spans))
        .mark_rule(color=PAST, strokeWidth=1.5)
        .encode(y=y, x=alt.X("low:Q", title=None), x2="high:Q")
    )
    legend = alt.Legend(columns=len(measures) if width > 500 else 2)
    marks = (
        alt.Chart(data)
        .mark_point(filled=True, opacity=1, size=85)
        .encode(
            y=y,
            x=x,
            color=alt.Color(
                "measure:N",
                scale=alt.Scale(domain=list(measures), range=list(SERIES[: len(measures)])),
                legend=legend,
            ),
            shape=alt.Shape(
                "measure:N",
                scale=alt.Scale(domain=list(measures), range=list(SHAPES[: len(measures)])),
                legend=legend,
            ),
        )
    )
    layers = [joined, marks]
    if target is not None:
        rule = alt.Chart(data_of([{"value": target, "words": target_words}]))
        layers = [
            rule.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.2).encode(x=x),
            *layers,
            rule.mark_text(
                align="left", baseline="bottom", dx=4, dy=-1, color=INK, fontSize=12
            ).encode(x=x, y=alt.value(0), text="words:N"),
        ]
    height = 74 + 27 * len(rows)
    return svg(configured(alt.layer(*layers), width, height), name)


def bars(
    name: str,
    labels: Sequence[str],
    series: Sequence[Line],
    unit: str,
    *,
    width: int = WIDE,
) -> str:
    """Horizontal bars, a group a label and a bar a series, each with its number at the end.

    Args:
        name: id of the drawing on the page.
        labels: names of the groups, from top to bottom.
        series: what is compared; the values are in the order of the labels, None says n/a.
        unit: of the values.
        width: of the drawing.
    """
    known = [value for line in series for value in line.values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    said = max((width_of(wording.number(value, unit)) for value in known), default=30) + 8
    reach = 190 if width > ROOMY else 110
    left = min(reach, max((width_of(each) for each in labels), default=0) + 8)
    start, end = left + (said if low < 0 else 0), width - said
    group = len(series) * (BAR + BAR_GAP) + GROUP_GAP
    top = LEGEND if len(series) > 1 else 0
    drawing = Drawing(name, width, top + group * len(labels))

    def x(value: float) -> float:
        return start + (end - start) * (value - low) / ((high - low) or 1)

    if len(series) > 1:
        at = 0.0
        for place, line in enumerate(series):
            drawing.rect(at, 4, 12, 12, SERIES[place % len(SERIES)])
            words = fitted(line.name, width / len(series) - 40)
            drawing.text(at + 17, 10, words)
            at += 17 + width_of(words) + 20
    drawing.line((x(0), top), (x(0), top + group * len(labels)), GRID)
    for index, label in enumerate(labels):
        y = top + group * index + GROUP_GAP / 2
        middle = y + (group - GROUP_GAP) / 2
        drawing.text(left - 8, middle, fitted(label, left - 8), anchor="end")
        for place, line in enumerate(series):
            value = line.values[index]
            at = y + place * (BAR + BAR_GAP)
            if value is None:
                drawing.text(x(0) + 5, at + BAR / 2, wording.NOT_AVAILABLE, fill=MUTED)
                continue
            drawing.rect(x(0), at, x(value) - x(0), BAR, SERIES[place % len(SERIES)])
            is_left = value < 0
            drawing.text(
                x(value) + (-5 if is_left else 5),
                at + BAR / 2,
                wording.number(value, unit),
                anchor="end" if is_left else "start",
                fill=INK,
            )
    return drawing.done()
