"""What charts drawn by Altair share: axes, configuration, and the way to an SVG element.

Only the families that use Altair import this; Altair itself is loaded when a chart is drawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.charts.look import (
    BAND,
    BLUE,
    FONT,
    GRID,
    HATCH,
    INK,
    MUTED,
    PAPER,
    PAST,
)

#: Colours that stand for a hatching while Altair draws: it knows no patterns.
HATCHED, HATCHED_PAST, HATCHED_BAND = "#0a6aa7", "#7895aa", "#f1ede1"
#: Whether Altair holds every part of a chart against its schema, which takes longer than drawing.
#: A chart's form does not depend on the numbers in it, so only the tests do.
IS_CHECKED = False
HATCHINGS = {HATCHED: (BLUE, PAPER), HATCHED_PAST: (PAST, PAPER), HATCHED_BAND: (HATCH, BAND)}


def altair() -> Any:
    """Altair, ready to make charts."""
    import altair

    altair.utils.schemapi.DEBUG_MODE = IS_CHECKED
    return altair


def data_of(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows of a chart, as a tuple: Altair copies a list row by row with each step of a chart."""
    import altair

    return altair.Data(values=tuple(rows))


def axis_of(steps: Sequence[float], unit: str) -> dict[str, Any]:
    """Where an axis has its labels, and their words."""
    words = json.dumps([wording.axis_number(step, unit) for step in steps])
    step = steps[1] - steps[0] if len(steps) > 1 else 1
    place = f"round((datum.value - ({steps[0]!r})) / {step!r})"
    return {"values": list(steps), "labelExpr": f"{words}[{place}]"}


def configured(chart: Any, width: int, height: int) -> Any:
    """A chart in the look of all others, of a size with its margins."""
    # `properties` would copy all that is in the chart.
    chart.width, chart.height = width, height
    chart.autosize = {"type": "fit", "contains": "padding"}
    return (
        chart.configure(
            font=FONT,
            background="transparent",
            padding={"left": 4, "right": 20, "top": 6, "bottom": 2},
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=MUTED,
            titleColor=MUTED,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=MUTED,
            tickColor=MUTED,
            labelPadding=6,
        )
        .configure_legend(
            labelColor=INK,
            labelFontSize=12,
            orient="top",
            title=None,
            symbolSize=80,
            columnPadding=16,
            offset=22,
        )
    )


def svg(chart: Any, name: str) -> str:
    """The drawing as an SVG element without size, with ids that are unique on the page.

    Width and height go so that the page's style scales it; role and title are the page's too.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(chart.to_dict(validate=IS_CHECKED))
    drawn = re.sub(r'\s(?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    drawn = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", drawn, count=1)
    drawn = drawn.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1)
    drawn = drawn.replace(' version="1.1" class="marks"', ' aria-hidden="true" focusable="false"')
    for index, each in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn))):
        drawn = re.sub(rf'\bid="{re.escape(each)}"', f'id="{name}-{index}"', drawn)
        drawn = drawn.replace(f"url(#{each})", f"url(#{name}-{index})")
    return _hatched(drawn, name)


def _hatched(drawn: str, name: str) -> str:
    """Areas in a colour that stands for a hatching, filled with slanted lines."""
    patterns = ""
    for place, (colour, (stroke, ground)) in enumerate(HATCHINGS.items()):
        if f'fill="{colour}"' in drawn:
            pattern = f"{name}-hatch-{place}"
            drawn = drawn.replace(f'fill="{colour}"', f'fill="url(#{pattern})"')
            patterns += (
                f'<pattern id="{pattern}" width="6" height="6" patternUnits="userSpaceOnUse" '
                f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{ground}"/>'
                f'<line x1="1" y1="0" x2="1" y2="6" stroke="{stroke}" stroke-width="2"/></pattern>'
            )
    if not patterns:
        return drawn
    return re.sub(r"(<svg[^>]*>)", rf"\1<defs>{patterns}</defs>", drawn, count=1)
