"""A pen for charts that are drawn by hand: elements of SVG with their text escaped.

Elements, text and its width belong here. What is drawn where is told by the family of the chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from orchestration.reviews import wording
from orchestration.reviews.charts.look import FONT, INK, MUTED

SIZE = 12
#: Widths of characters against the size of the type, wide enough for most faces.
NARROW, PLAIN, CAPITAL, BROAD = 0.36, 0.62, 0.74, 1.0
NARROW_ONES, BROAD_ONES = frozenset("fijlrt.,:;'|!()[] \u00a0"), frozenset("mwMW@%\u2026\u2014")
#: From here on characters are as wide as they are high: East Asian writing, emoji.
FULL_WIDTH = 0x2E80
ELLIPSIS = "…"


class Drawing:
    """Elements in order of painting; `done` gives the SVG, which the page's style scales.

    The name is the id of the drawing on its page.
    """

    def __init__(self, name: str, width: float, height: float) -> None:
        self.name, self.width, self.height = name, width, height
        self._parts: list[str] = []

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, **more: object
    ) -> None:
        """A rectangle; a negative width or height is drawn the other way."""
        if width < 0:
            x, width = x + width, -width
        if height < 0:
            y, height = y + height, -height
        self._add("rect", x=x, y=y, width=width, height=height, fill=fill, **more)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        stroke: str = MUTED,
        **more: object,
    ) -> None:
        """A straight line."""
        self._add("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=stroke, **more)

    def path(
        self, points: Sequence[tuple[float, float] | None], stroke: str, **more: object
    ) -> None:
        """A line through points; None is a gap."""
        steps, pen = [], "M"
        for point in points:
            if point is None:
                pen = "M"
            else:
                steps.append(f"{pen}{point[0]:.1f},{point[1]:.1f}")
                pen = "L"
        self._add(
            "path",
            d="".join(steps),
            fill="none",
            stroke=stroke,
            stroke_linejoin="round",
            stroke_linecap="round",
            **more,
        )

    def shape(self, outline: str, fill: str, **more: object) -> None:
        """A filled outline in the letters of SVG paths."""
        self._add("path", d=outline, fill=fill, **more)

    def circle(self, x: float, y: float, radius: float, fill: str, **more: object) -> None:
        """A dot."""
        self._add("circle", cx=x, cy=y, r=radius, fill=fill, **more)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        fill: str = INK,
        size: float = SIZE,
        **more: object,
    ) -> None:
        """One line of text whose middle is at `y`."""
        attributes = _attributes(
            x=x, y=y + size * 0.35, text_anchor=anchor, fill=fill, font_size=size, **more
        )
        self._parts.append(f"<text {attributes}>{escape(wording.visible(words))}</text>")

    def _add(self, element: str, **attributes: object) -> None:
        self._parts.append(f"<{element} {_attributes(**attributes)}/>")

    def done(self) -> str:
        """The drawing as an SVG element without a size of its own."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{escape(self.name)}" '
            'aria-hidden="true" focusable="false" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" font-family="{escape(FONT)}">'
            f"{''.join(self._parts)}</svg>"
        )


def _attributes(**attributes: object) -> str:
    return " ".join(
        f'{name.replace("_", "-")}="{escape(_plain(value))}"' for name, value in attributes.items()
    )


def _plain(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def width_of(words: str, size: float = SIZE) -> float:
    """About how wide a line of text is."""
    return size * sum(_width(character) for character in words)


def _width(character: str) -> float:
    if character in NARROW_ONES:
        return NARROW
    if character in BROAD_ONES or ord(character) >= FULL_WIDTH:
        return BROAD
    return CAPITAL if character.isupper() else PLAIN


def fitted(words: str, width: float, size: float = SIZE) -> str:
    """Text cut with an ellipsis where it would be wider than there is room for."""
    if width_of(words, size) <= width + 0.5:
        return words
    kept, room = 0, width - width_of(ELLIPSIS, size)
    while kept < len(words) and width_of(words[: kept + 1], size) <= room:
        kept += 1
    return f"{words[: max(1, kept)].rstrip()}{ELLIPSIS}"
