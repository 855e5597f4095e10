"""Quadrants: where something stands on two scales, and the trail of how it came there.

The corners are named by the caller; the last point is the one that counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import wording
from orchestration.reviews.charts.drawing import Drawing, fitted, width_of
from orchestration.reviews.charts.look import BAND, BLUE, GRID, INK, MUTED, PAST, ROOMY

LEFT, RIGHT, TOP, BOTTOM = 46, 14, 10, 44
LABEL_GAP = 15


def quadrant(
    name: str,
    points: Sequence[tuple[str, float, float]],
    *,
    x_title: str,
    y_title: str,
    split: float = 50,
    corners: tuple[str, str, str, str] = ("", "", "", ""),
    width: int = 560,
) -> str:
    """A trail of points in order.

    Args:
        name: id of the drawing on the page.
        points: (name, x, y) from the earliest to the latest.
        x_title: what the horizontal scale measures; it goes from 0 to twice the split.
        y_title: the same of the vertical scale.
        split: where both scales are parted.
        corners: names of the corners: top left, top right, bottom left, bottom right.
        width: of the drawing.
    """
    height = round(width * 0.72) if width > ROOMY else width
    drawing = Drawing(name, width, height)
    right, bottom, end = width - RIGHT, height - BOTTOM, 2 * split

    def x(value: float) -> float:
        return LEFT + (right - LEFT) * value / end

    def y(value: float) -> float:
        return bottom - (bottom - TOP) * value / end

    drawing.rect(x(split), TOP, right - x(split), y(split) - TOP, BAND)
    for step in (0, split / 2, split, split * 1.5, end):
        stroke = MUTED if step == split else GRID
        drawing.line((x(step), TOP), (x(step), bottom), stroke)
        drawing.line((LEFT, y(step)), (right, y(step)), stroke)
        words = wording.axis_number(step, "points")
        drawing.text(x(step), bottom + 12, words, anchor="middle", fill=MUTED, size=11)
        drawing.text(LEFT - 6, y(step), words, anchor="end", fill=MUTED, size=11)
    half = (right - LEFT) / 2 - 12
    for place, corner in enumerate(corners):
        at = (LEFT + 6, "start") if place % 2 == 0 else (right - 6, "end")
        down = TOP + 13 if place < 2 else bottom - 13
        drawing.text(at[0], down, fitted(corner, half), anchor=at[1], fill=MUTED)
    drawing.text(
        (LEFT + right) / 2, height - 10, fitted(x_title, 2 * half), anchor="middle", fill=MUTED
    )
    middle = (TOP + bottom) / 2
    turned = f"rotate(-90 11 {middle:.1f})"
    words = fitted(y_title, bottom - TOP)
    drawing.text(11, middle, words, anchor="middle", fill=MUTED, transform=turned)
    drawing.path([(x(a), y(b)) for _, a, b in points], PAST, stroke_width=1.8)
    taken: list[tuple[float, float]] = []
    for place, (name_of_point, a, b) in reversed([*enumerate(points)]):
        label = fitted(name_of_point, half / 2)
        is_last = place == len(points) - 1
        drawing.circle(x(a), y(b), 6 if is_last else 4, BLUE if is_last else PAST)
        # A name that would touch a later one is left to the table.
        free = all(
            abs(x(a) - other[0]) > width_of(label) or abs(y(b) - other[1]) > LABEL_GAP
            for other in taken
        )
        if free:
            taken.append((x(a), y(b)))
            is_right = x(a) + 10 + width_of(label) < right
            drawing.text(
                x(a) + 10 if is_right else x(a) - 10,
                y(b) - 8,
                label,
                anchor="start" if is_right else "end",
                fill=INK if is_last else MUTED,
                font_weight=600 if is_last else 400,
            )
    return drawing.done()
