"""Heat maps: a number at each crossing of rows and columns, as a tint and in digits.

Tints stay light enough for dark digits, so the number can always be read; what is missing is an
empty frame, never the tint of zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from orchestration.reviews import wording
from orchestration.reviews.charts.drawing import Drawing, fitted, width_of
from orchestration.reviews.charts.look import GRID, INK, MUTED, PAPER, ROOMY, WIDE

Good = Literal["low", "high", "none"]
#: The tint of the highest number. Orange says that high is bad; blue says nothing.
DARKEST = {"low": (240, 158, 92), "high": (116, 176, 217), "none": (116, 176, 217)}
LIGHTEST = (250, 246, 238)
ROW, GAP, LEGEND, DIGITS = 26, 2, 34, 11
#: Beyond these columns a phone shows the map on its side.
MOST_COLUMNS_ON_A_PHONE = 8


def heat(
    name: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    unit: str,
    *,
    good: Good = "none",
    width: int = WIDE,
) -> str:
    """Numbers by row and column.

    Args:
        name: id of the drawing on the page.
        rows: names of the rows, from top to bottom.
        columns: names of the columns, from left to right.
        values: a sequence a row with a number a column; None is no value.
        unit: the unit of the numbers.
        good: which end is good: `low`, `high` or `none`.
        width: of the drawing. A narrow one with many columns is turned on its side.
    """
    if width < ROOMY and len(columns) > max(MOST_COLUMNS_ON_A_PHONE, len(rows)):
        values = [[row[place] for row in values] for place in range(len(columns))]
        rows, columns = columns, rows
    known = [value for row in values for value in row if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    reach = 190 if width > ROOMY else 110
    left = min(reach, max(width_of(each) for each in rows) + 8)
    step = (width - left) / max(1, len(columns))
    heads, is_turned = _heads(columns, step)
    if is_turned:
        # The last head leans out over the map's right edge.
        step -= max(0.0, width_of(heads[-1]) * 0.74 - step / 2) / max(1, len(columns))
    top = (max(width_of(each) for each in heads) * 0.78 + 14) if is_turned else 22
    drawing = Drawing(name, width, top + ROW * len(rows) + LEGEND)
    for place, head in enumerate(heads):
        x = left + step * (place + 0.5)
        if is_turned:
            turned = f"rotate(-50 {x:.1f} {top - 6:.1f})"
            drawing.text(x, top - 8, head, fill=MUTED, transform=turned)
        else:
            drawing.text(x, top - 12, head, anchor="middle", fill=MUTED)
    digits = [wording.number(value, unit) for value in known]
    has_digits = max((width_of(each, DIGITS) for each in digits), default=0) <= step - GAP
    for index, (row, numbers) in enumerate(zip(rows, values, strict=True)):
        y = top + ROW * index
        drawing.text(left - 8, y + ROW / 2, fitted(row, left - 8), anchor="end")
        for place, value in enumerate(numbers):
            box = (left + step * place, y, step - GAP, ROW - GAP)
            if value is None:
                drawing.rect(*box, PAPER, stroke=GRID)
                continue
            drawing.rect(*box, tint(value, low, high, good))
            if has_digits:
                middle = (left + step * place + (step - GAP) / 2, y + (ROW - GAP) / 2)
                drawing.text(
                    *middle, wording.number(value, unit), anchor="middle", size=DIGITS, fill=INK
                )
    if known:
        _legend(drawing, left, (low, high), unit, good)
    return drawing.done()


def tint(value: float, low: float, high: float, good: Good) -> str:
    """The colour of a number between the lowest and the highest one."""
    share = (value - low) / (high - low) if high > low else 0.0
    mixed = (
        round(light + share * (dark - light))
        for light, dark in zip(LIGHTEST, DARKEST[good], strict=True)
    )
    return "#" + "".join(f"{each:02x}" for each in mixed)


def _heads(columns: Sequence[str], step: float) -> tuple[list[str], bool]:
    """Names of columns that fit: as they are, thinned if they are numbers, or turned."""
    if all(width_of(each) <= step - GAP for each in columns):
        return list(columns), False
    longest = max(width_of(each) for each in columns)
    if longest < 45:
        every = int((longest + 6) / step) + 1
        return [each if place % every == 0 else "" for place, each in enumerate(columns)], False
    return [fitted(each, 120) for each in columns], True


def _legend(
    drawing: Drawing, left: float, ends: tuple[float, float], unit: str, good: Good
) -> None:
    low, high = (wording.number(each, unit) for each in ends)
    y = drawing.height - 10
    words = {"low": " (worse)", "high": " (better)", "none": ""}[good]
    drawing.text(left, y, low, fill=MUTED)
    x = left + width_of(low) + 8
    for place in range(5):
        drawing.rect(x + 18 * place, y - 6, 18, 12, tint(place, 0, 4, good))
    drawing.text(x + 98, y, high + words, fill=MUTED)
