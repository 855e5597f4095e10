"""Charts as inline SVG: Altair specifications, one look, drawn without a network or a script.

Marks, scales and colours belong here. A function takes labels and values that are already chosen
and named; it reads no data and words nothing but its axes. The table behind a chart is made where
the chart is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: Okabe-Ito hues, darkened where needed so that each has at least 3:1 against the paper colour.
BLUE, VERMILLION, GREEN, PURPLE = "#0a6aa8", "#b8500a", "#00795a", "#8f4a77"
PAST = "#7895ab"
INK, MUTED, GRID, BAND = "#1f2733", "#56606d", "#e3dfd5", "#f1ede2"
SERIES = (BLUE, GREEN, VERMILLION, PURPLE)
SHAPES = ("circle", "diamond", "square", "triangle-up")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
WIDE, NARROW = 800, 350
LABEL_GAP = 15


@dataclass(frozen=True)
class Line:
    """One series over the periods of a chart; None is a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Row:
    """One row of a dot chart: a name and one value per measure."""

    name: str
    values: tuple[float | None, ...]


def ticks(low: float, high: float, about: int = 5, least: float = 0.0) -> list[float]:
    """Round axis steps from at or below `low` to at or above `high`, at least `least` apart."""
    if high <= low:
        high = low + 1
    rough = (high - low) / about
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * 0.999)
    step = max(step, least)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * index, 10) for index in range(first, last + 1)]


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved as little as needed so that neighbours are `gap` apart within [low, high]."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    placed = list(positions)
    floor = low
    for index in order:
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def axis_labels(names: Sequence[str], width: int) -> list[str]:
    """Period names as axis labels: the year once under its first label, thinned if narrow.

    `names` look like `Jan 2026`. A bar separates the lines of a label; a label that is left out
    is the empty string.
    """
    every = 1 if width / max(1, len(names)) >= 30 else 2
    labels, years = [], set()
    for index, name in enumerate(names):
        short, _, year = name.partition(" ")
        if (len(names) - 1 - index) % every:
            labels.append("")
        else:
            labels.append(short if year in years else f"{short}|{year}")
            years.add(year)
    return labels


#: Units written behind every number of an axis.
SHORT_UNITS = {"minutes": "min", "hours": "h", "days": "d"}


def _axis_format(unit: str) -> dict[str, Any]:
    if unit in ("share", "percent", "change"):
        return {"labelExpr": "format(datum.value * 100, '~r') + ' %'"}
    if unit in SHORT_UNITS:
        return {"labelExpr": f"format(datum.value, '~r') + ' {SHORT_UNITS[unit]}'"}
    if unit == "count":
        return {
            "labelExpr": "datum.value >= 1e6 ? format(datum.value / 1e6, '~r') + ' M' : "
            "format(datum.value, ',')"
        }
    return {"labelExpr": "format(datum.value, ',~r')"}


def _configured(chart: Any, width: int, height: int) -> Any:
    return (
        chart.properties(
            width=width, height=height, autosize={"type": "fit", "contains": "padding"}
        )
        .configure(
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


def _svg(chart: Any, name: str) -> str:
    """The drawing as an SVG element without size, with ids that are unique on the page.

    Width and height go so that the page's style scales it; role and title are the page's too.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    drawn = re.sub(r'\s(?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    drawn = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", drawn, count=1)
    drawn = drawn.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1)
    drawn = drawn.replace(' version="1.1" class="marks"', ' aria-hidden="true" focusable="false"')
    for index, each in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn))):
        drawn = re.sub(rf'\bid="{re.escape(each)}"', f'id="{name}-{index}"', drawn)
        drawn = drawn.replace(f"url(#{each})", f"url(#{name}-{index})")
    return drawn


def _period_axis(alt: Any, names: Sequence[str], width: int) -> Any:
    labels = axis_labels(names, width - 60)
    lookup = "{" + ", ".join(f"{index}: '{label}'" for index, label in enumerate(labels)) + "}"
    return alt.X(
        "period:O",
        sort=None,
        scale=alt.Scale(domain=list(range(len(names)))),
        axis=alt.Axis(
            title=None,
            labelAngle=0,
            labelExpr=f"split({lookup}[datum.value], '|')",
            ticks=False,
            labelOverlap=False,
            grid=False,
        ),
    )


def _band(alt: Any, x: Any, count: int, highlighted: int) -> Any:
    """A quiet band behind the last periods: those the page is about."""
    rows = [{"period": index} for index in range(count - highlighted, count)]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=BAND, stroke=BAND, strokeWidth=1)
        .encode(x=x.scale(domain=list(range(count)), paddingInner=0, paddingOuter=0))
    )


def _beyond(count: int, width: int) -> float:
    """Pixels from the last point of a period axis to clear of the plot's right edge."""
    return (width - 130) / max(1, count) / 2 + 9


def _target(
    alt: Any, y: Any, value: float, words: str = "", count: int = 1, width: int = WIDE
) -> list[Any]:
    """A dashed rule across the chart, with its words beyond the right end if there are any."""
    rule = alt.Chart(alt.Data(values=[{"value": value, "period": count - 1, "words": words}]))
    layers = [rule.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.2).encode(y=y)]
    if words:
        layers.append(
            rule.mark_text(
                align="left",
                baseline="middle",
                dx=_beyond(count, width),
                color=INK,
                fontSize=12,
                lineBreak="|",
            ).encode(y=y, x="period:O", text="words:N")
        )
    return layers


def lines(
    name: str,
    periods: Sequence[str],
    series: Sequence[Line],
    unit: str,
    *,
    width: int = WIDE,
    height: int = 320,
    target: float | None = None,
    target_words: str = "",
    from_zero: bool = True,
    highlighted: int = 3,
    provisional: Sequence[int] = (),
) -> str:
    """Lines over periods, named at their ends, with an optional target rule.

    Points at the positions in `provisional` are hollow.
    """
    import altair as alt

    values = [value for line in series for value in line.values if value is not None]
    reach = values + ([] if target is None else [target])
    low = 0.0 if from_zero else min(reach) - 0.08 * (max(reach) - min(reach) or 1)
    high = max(reach)
    if unit in ("share", "percent") and high <= 1:
        high, low = min(1.0, high + 0.02 * (high - low)), max(0.0, low)
    steps = ticks(low, high)
    if unit in ("share", "percent") and high <= 1:
        steps = [step for step in steps if step <= 1]
    scale = alt.Scale(domain=[steps[0], steps[-1]], nice=False, zero=False)
    y = alt.Y("value:Q", scale=scale, title=None).axis(
        values=steps, domain=False, ticks=False, **_axis_format(unit)
    )
    x = _period_axis(alt, periods, width)
    colours = {line.name: SERIES[index % 4] for index, line in enumerate(series)}
    layers = [_band(alt, x, len(periods), highlighted)]
    ends = []
    for index, line in enumerate(series):
        rows = [
            {"period": place, "value": value, "sure": place not in provisional}
            for place, value in enumerate(line.values)
        ]
        base = alt.Chart(alt.Data(values=rows)).encode(x="period:O", y=y)
        layers.append(
            base.mark_line(color=colours[line.name], strokeWidth=2.4, strokeDash=DASHES[index % 4])
        )
        for sure in (True, False):
            if any(row["sure"] is sure and row["value"] is not None for row in rows):
                layers.append(
                    base.transform_filter(alt.datum.sure == sure).mark_point(
                        color=colours[line.name],
                        filled=True,
                        fill=colours[line.name] if sure else "#fdfcf8",
                        stroke=colours[line.name],
                        strokeWidth=1.6,
                        opacity=1,
                        shape=SHAPES[index % 4],
                        size=34,
                    )
                )
        known = [(place, value) for place, value in enumerate(line.values) if value is not None]
        if known and len(series) > 1:
            ends.append((line.name, known[-1][1]))
    if target is not None:
        layers += _target(alt, y, target)
        ends.append((target_words, target))
        colours[target_words] = INK
    if ends:
        layers.append(_line_names(alt, y, ends, colours, steps, (width, height), len(periods)))
    return _svg(_configured(alt.layer(*layers), width, height), name)


def _line_names(
    alt: Any,
    y: Any,
    ends: Sequence[tuple[str, float]],
    colours: dict[str, str],
    steps: Sequence[float],
    size: tuple[int, int],
    count: int,
) -> Any:
    """Names at the right end of lines, moved apart where they would touch."""
    plot = size[1] - 46
    span = steps[-1] - steps[0]
    wanted = [plot * (value - steps[0]) / span for _, value in ends]
    placed = spread(wanted, LABEL_GAP, 6, plot)
    rows = [
        {"period": count - 1, "value": steps[0] + place / plot * span, "line": line}
        for (line, _), place in zip(ends, placed, strict=True)
    ]
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_text(
            align="left", baseline="middle", dx=_beyond(count, size[0]), fontSize=12, fontWeight=600
        )
        .encode(
            x="period:O", y=y, text="line:N", color=alt.Color("line:N", scale=scale, legend=None)
        )
    )


def columns(
    name: str,
    periods: Sequence[str],
    values: Sequence[float | None],
    unit: str,
    *,
    width: int = WIDE,
    height: int = 260,
    target: float | None = None,
    target_words: str = "",
    highlighted: int = 3,
    labels: Sequence[str] = (),
) -> str:
    """Columns over periods; those the page is about stand out and carry their value."""
    import altair as alt

    known = [value for value in values if value is not None]
    reach = known + ([] if target is None else [target]) + [0.0]
    steps = ticks(min(reach), max(reach), about=4, least=1.0 if unit == "count" else 0.0)
    scale = alt.Scale(domain=[steps[0], steps[-1]], nice=False)
    y = alt.Y("value:Q", scale=scale, title=None).axis(
        values=steps, domain=False, ticks=False, **_axis_format(unit)
    )
    first = len(periods) - highlighted
    rows = [
        {"period": place, "value": value, "words": labels[place] if labels else ""}
        for place, value in enumerate(values)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(x=_period_axis(alt, periods, width), y=y)
    target_words = target_words.replace(" ", "|", 1)
    layers = [
        base.mark_bar(color=PAST).transform_filter(alt.datum.period < first),
        base.mark_bar(color=BLUE).transform_filter(alt.datum.period >= first),
    ]
    if labels and width / len(periods) > 36:
        layers.append(
            base.transform_filter(alt.datum.period >= first)
            .mark_text(dy=-8, fontSize=12, color=INK, fontWeight=600)
            .encode(text="words:N")
        )
    if target is not None:
        layers += _target(alt, y, target, target_words, len(periods), width)
    return _svg(_configured(alt.layer(*layers), width, height), name)


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
    import altair as alt

    known = [value for row in rows for value in row.values if value is not None]
    reach = known + ([] if target is None else [target]) + [0.0]
    steps = ticks(min(reach), max(reach), about=5 if width > 500 else 4)
    x = alt.X(
        "value:Q", scale=alt.Scale(domain=[steps[0], steps[-1]], nice=False), title=None
    ).axis(values=steps, domain=False, ticks=False, labelFlush=False, **_axis_format(unit))
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
    data = alt.Data(values=flat)
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
        alt.Chart(alt.Data(values=spans))
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
        rule = alt.Chart(alt.Data(values=[{"value": target, "words": target_words}]))
        layers = [
            rule.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.2).encode(x=x),
            *layers,
            rule.mark_text(
                align="left", baseline="bottom", dx=4, dy=-1, color=INK, fontSize=12
            ).encode(x=x, y=alt.value(0), text="words:N"),
        ]
    height = 74 + 27 * len(rows)
    return _svg(_configured(alt.layer(*layers), width, height), name)


def intervals(
    name: str,
    periods: Sequence[str],
    values: Sequence[tuple[float, float, float] | None],
    *,
    width: int = WIDE,
    height: int = 280,
    target: float | None = None,
    target_words: str = "",
    highlighted: int = 3,
) -> str:
    """Shares with their intervals over periods: (value, low, high) or None for a gap."""
    import altair as alt

    known = [value for value in values if value is not None]
    low = min([each[1] for each in known] + ([] if target is None else [target]))
    high = max([each[2] for each in known] + ([] if target is None else [target]))
    steps = [step for step in ticks(low, high) if 0 <= step <= 1]
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[min(steps[0], low), max(steps[-1], high)], nice=False, zero=False),
        title=None,
    ).axis(values=steps, domain=False, ticks=False, **_axis_format("share"))
    x = _period_axis(alt, periods, width)
    rows = [
        {"period": place, "value": each[0], "low": each[1], "high": each[2]}
        for place, each in enumerate(values)
        if each is not None
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(x="period:O")
    layers = [
        _band(alt, x, len(periods), highlighted),
        base.mark_rule(color=PAST, strokeWidth=5, strokeCap="round").encode(
            y=alt.Y("low:Q", title=None), y2="high:Q"
        ),
        base.mark_point(color=BLUE, fill=BLUE, filled=True, opacity=1, size=60).encode(y=y),
    ]
    if target is not None:
        layers += _target(alt, y, target, target_words.replace(" ", "|", 1), len(periods), width)
    return _svg(_configured(alt.layer(*layers), width, height), name)


def spark(values: Sequence[float | None], *, target: float | None = None) -> str:
    """A small line without axes for a card; the last point is marked, gaps stay gaps."""
    width, height, edge = 150.0, 34.0, 4.0
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    reach = known + ([] if target is None else [target])
    low, high = min(reach), max(reach)
    span = (high - low) or 1.0
    step = (width - 2 * edge) / (len(values) - 1)

    def y(value: float) -> float:
        return height - edge - (height - 2 * edge) * (value - low) / span

    path, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{edge + place * step:.1f},{y(value):.1f}")
        pen = "L"
    box = f'viewBox="0 0 {width:g} {height:g}"'
    parts = [f'<svg {box} class="spark" aria-hidden="true" focusable="false">']
    if target is not None:
        parts.append(
            f'<line x1="0" x2="{width:g}" y1="{y(target):.1f}" y2="{y(target):.1f}" '
            f'stroke="{MUTED}" stroke-width="1" stroke-dasharray="3 3"/>'
        )
    parts.append(
        f'<path d="{"".join(path)}" fill="none" stroke="{BLUE}" stroke-width="1.8" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )
    last = max(place for place, value in enumerate(values) if value is not None)
    parts.append(
        f'<circle cx="{edge + last * step:.1f}" cy="{y(values[last]):.1f}" r="3" fill="{BLUE}"/>'
        "</svg>"
    )
    return "".join(parts)
