"""Histograms: how many cases fall into each bin, with marks such as a promise or a median.

The bins come as the mart has them; nothing is binned here.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import wording
from orchestration.reviews.charts.drawing import Drawing, fitted, width_of
from orchestration.reviews.charts.look import BLUE, GRID, INK, MUTED, ROOMY, WIDE, ticks

LEFT, RIGHT, BOTTOM, MARK = 48, 12, 34, 18
LONGEST_LABEL = 110


def distribution(
    name: str,
    labels: Sequence[str],
    counts: Sequence[float],
    *,
    marks: Sequence[tuple[float, str]] = (),
    width: int = WIDE,
    height: int = 280,
) -> str:
    """Columns without gaps, one a bin.

    Args:
        name: id of the drawing on the page.
        labels: what each bin spans, from left to right.
        counts: how many cases are in each bin.
        marks: where a dashed rule stands, counted in bins from the left edge of the first one
            (2.5 is the middle of the third), and its words.
        width: of the drawing.
        height: of the drawing.
    """
    steps = ticks(0, max([*counts, 1.0]), about=4, least=1.0)
    drawing = Drawing(name, width, height)
    top = 10 + MARK * len(marks)
    bottom = height - BOTTOM
    wide = (width - LEFT - RIGHT) / max(1, len(labels))

    def y(count: float) -> float:
        return bottom - (bottom - top) * count / steps[-1]

    for step in steps:
        drawing.line((LEFT, y(step)), (width - RIGHT, y(step)), GRID)
        words = wording.axis_number(step, "count")
        drawing.text(LEFT - 6, y(step), words, anchor="end", fill=MUTED)
    for place, count in enumerate(counts):
        drawing.rect(LEFT + wide * place + 0.5, y(count), wide - 1, bottom - y(count), BLUE)
    longest = min(LONGEST_LABEL, max((width_of(each, 11) for each in labels), default=0))
    every = max(1, -(-int(longest + 6) // max(1, int(wide))))
    for place, label in enumerate(labels):
        if place % every == 0:
            x = LEFT + wide * (place + 0.5)
            room = wide * every if width > ROOMY else wide * every + 10
            drawing.text(
                x,
                bottom + 14,
                fitted(label, min(room, LONGEST_LABEL + 10), 11),
                anchor="middle",
                fill=MUTED,
                size=11,
            )
    for place, (at, said) in enumerate(marks):
        words = fitted(said, width / 2)
        x = LEFT + wide * min(max(at, 0), len(labels))
        line = 10 + MARK * place
        drawing.line((x, line), (x, bottom), INK, stroke_dasharray="4 3", stroke_width=1.2)
        is_right = x + width_of(words) + 8 < width
        drawing.text(
            x + 5 if is_right else x - 5, line + 4, words, anchor="start" if is_right else "end"
        )
    return drawing.done()
