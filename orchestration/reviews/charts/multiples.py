"""Small multiples: one panel a line, all on the same scale, so that panels can be compared.

For more lines than one chart can carry, such as networks.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import wording
from orchestration.reviews.charts.drawing import Drawing, fitted
from orchestration.reviews.charts.look import (
    BLUE,
    GRID,
    INK,
    MUTED,
    PAPER,
    ROOMY,
    WIDE,
    Line,
    ticks,
)

PANEL, TITLE, FOOT, GUTTER, EDGE = 132, 22, 22, 20, 5


def multiples(
    name: str,
    periods: Sequence[str],
    lines: Sequence[Line],
    unit: str,
    *,
    target: float | None = None,
    provisional: Sequence[bool] = (),
    from_zero: bool = True,
    width: int = WIDE,
) -> str:
    """A panel a line with its last value; below it the shared scale, first and last period.

    Args:
        name: id of the drawing on the page.
        periods: names of the periods.
        lines: what to draw; None is a gap, and a line of gaps is a panel that says n/a.
        unit: of the values.
        target: a dashed rule across every panel.
        provisional: per period whether its values may still move; their dots are hollow.
        from_zero: whether the scale begins at zero.
        width: of the drawing: four panels beside each other, two if it is narrow.
    """
    known = [value for line in lines for value in line.values if value is not None]
    reach = [*known, *([] if target is None else [target]), *([0.0] if from_zero else [])]
    steps = ticks(min(reach, default=0.0), max(reach, default=1.0), about=2)
    low, high = steps[0], steps[-1]
    across = min(len(lines), 4 if width > ROOMY else 2) or 1
    down = -(-len(lines) // across)
    panel = (width - GUTTER * (across - 1)) / across
    drawing = Drawing(name, width, max(1, down) * PANEL)
    for index, line in enumerate(lines):
        left, top = (index % across) * (panel + GUTTER), (index // across) * PANEL
        bottom = top + PANEL - FOOT - 8
        head = top + TITLE + 8

        def y(value: float, head: float = head, bottom: float = bottom) -> float:
            return bottom - (bottom - head) * (value - low) / (high - low)

        def x(place: int, left: float = left) -> float:
            return left + EDGE + (panel - 2 * EDGE) * place / max(1, len(periods) - 1)

        values = [*enumerate(line.values)]
        last = next(((at, v) for at, v in reversed(values) if v is not None), None)
        said = wording.NOT_AVAILABLE if last is None else wording.number(last[1], unit)
        room = panel - 7 * len(said) - 12
        drawing.text(left, top + 12, fitted(line.name, room), font_weight=600)
        drawing.text(left + panel, top + 12, said, anchor="end")
        for step in (low, high):
            drawing.line((left, y(step)), (left + panel, y(step)), GRID)
        if target is not None:
            drawing.line((left, y(target)), (left + panel, y(target)), INK, stroke_dasharray="4 3")
        points = [None if value is None else (x(at), y(value)) for at, value in values]
        if last is not None:
            drawing.path(points, BLUE, stroke_width=2)
        for at, value in values:
            is_sure = not (at < len(provisional) and provisional[at])
            if value is not None and (not is_sure or (last is not None and at == last[0])):
                drawing.circle(
                    x(at), y(value), 3.2, BLUE if is_sure else PAPER, stroke=BLUE, stroke_width=1.5
                )
        ends = f"{wording.axis_number(low, unit)} to {wording.axis_number(high, unit)}"
        foot = bottom + 13
        drawing.text(left, foot, periods[0].partition(" ")[0], size=11, fill=MUTED)
        drawing.text(
            left + panel, foot, periods[-1].partition(" ")[0], size=11, fill=MUTED, anchor="end"
        )
        drawing.text(left + panel / 2, foot, ends, size=11, fill=MUTED, anchor="middle")
    return drawing.done()
