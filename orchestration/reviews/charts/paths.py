"""Path charts: the steps of journeys from left to right, as thick as the journeys are many.

A path is a row of its own, with its steps by name; long ones go on in the next line.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import wording
from orchestration.reviews.charts.drawing import Drawing, fitted, width_of
from orchestration.reviews.charts.look import BAND, BLUE, INK, PAST, ROOMY, WIDE

STEP, LINE, ROW_GAP, JOINT = 24, 30, 12, 22
THINNEST, THICKEST = 1.5, 16.0


def paths(
    name: str,
    paths: Sequence[tuple[Sequence[str], float]],
    unit: str,
    *,
    width: int = WIDE,
) -> str:
    """Journeys: (steps, number) each.

    Args:
        name: id of the drawing on the page.
        paths: the journeys in the order wanted.
        unit: of the numbers.
        width: of the drawing.
    """
    numbers = [wording.number(number, unit) for _, number in paths]
    left = max((width_of(each) for each in numbers), default=0) + 16
    most = max((number for _, number in paths), default=0) or 1
    room = width - left
    laid = [_laid(steps, room, 150 if width > ROOMY else 110) for steps, _ in paths]
    height = sum(LINE * (1 + placed[-1][1]) + ROW_GAP for placed in laid if placed)
    drawing = Drawing(name, width, max(height, LINE))
    top = 0.0
    for (_, number), said, placed in zip(paths, numbers, laid, strict=True):
        thick = max(THINNEST, THICKEST * number / most)
        middle = top + LINE / 2
        drawing.text(left - 10, middle, said, anchor="end", font_weight=600)
        for index, (x, line, wide, words) in enumerate(placed):
            y = top + LINE * line + LINE / 2
            if index:
                drawing.rect(left + x - JOINT, y - thick / 2, JOINT, thick, PAST)
            is_last = index == len(placed) - 1
            drawing.rect(
                left + x,
                y - STEP / 2,
                wide,
                STEP,
                BAND,
                rx=4,
                stroke=BLUE if is_last else PAST,
                stroke_width=2 if is_last else 1,
            )
            drawing.text(left + x + wide / 2, y, words, anchor="middle", fill=INK)
        top += LINE * (1 + placed[-1][1]) + ROW_GAP if placed else 0
    return drawing.done()


def _laid(steps: Sequence[str], room: float, longest: float) -> list[tuple[float, int, float, str]]:
    """Where each step of a path stands: x, line, width, words."""
    placed, x, line = [], 0.0, 0
    for index, step in enumerate(steps):
        words = fitted(step, longest)
        wide = width_of(words) + 16
        if index and x + JOINT + wide > room:
            x, line = 0.0, line + 1
        x += JOINT if index else 0
        placed.append((x, line, wide, words))
        x += wide
    return placed
