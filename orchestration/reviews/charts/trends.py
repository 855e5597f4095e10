"""Charts over periods: lines, columns, and shares with their intervals.

The periods a page is about stand out, those that may still move are hatched or hollow, and a rule
stands where a definition changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestration.reviews.charts.look import (
    BAND,
    BLUE,
    DASHES,
    INK,
    MUTED,
    PAPER,
    PAST,
    SERIES,
    SHAPES,
    WIDE,
    Line,
    axis_labels,
    spread,
    ticks,
)
from orchestration.reviews.charts.vega import (
    HATCHED,
    HATCHED_BAND,
    HATCHED_PAST,
    altair,
    axis_of,
    configured,
    data_of,
    svg,
)

LABEL_GAP = 15


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


def _unsure(provisional: Sequence[bool]) -> list[int]:
    """Positions of the periods whose values may still move."""
    return [place for place, is_unsure in enumerate(provisional) if is_unsure]


def _band(alt: Any, x: Any, count: int, highlighted: int, hatched: Sequence[int] = ()) -> Any:
    """A quiet band behind the last periods, those the page is about; hatched where provisional."""
    scaled = x.scale(domain=list(range(count)), paddingInner=0, paddingOuter=0)
    bands = []
    for places, colour in (
        ([each for each in range(count - highlighted, count) if each not in hatched], BAND),
        (hatched, HATCHED_BAND),
    ):
        if places:
            rows = alt.Chart(data_of([{"period": place} for place in places]))
            bands.append(rows.mark_bar(color=colour, stroke=BAND, strokeWidth=1).encode(x=scaled))
    return alt.layer(*bands)


def _breaks(alt: Any, breaks: Sequence[int]) -> list[Any]:
    """A rule before each period from which on a definition is another one, and its words."""
    if not breaks:
        return []
    rows = alt.Chart(data_of([{"period": place} for place in breaks]))
    edge = alt.X("period:O", bandPosition=0)
    return [
        rows.mark_rule(color=MUTED, strokeDash=[1, 3], strokeWidth=1.6).encode(x=edge),
        rows.mark_text(align="left", baseline="bottom", dy=-3, color=MUTED, fontSize=11).encode(
            x=edge, y=alt.value(0), text=alt.value("counted anew")
        ),
    ]


def _beyond(count: int, width: int) -> float:
    """Pixels from the last point of a period axis to clear of the plot's right edge."""
    return (width - 130) / max(1, count) / 2 + 9


def _target(
    alt: Any, y: Any, value: float, words: str = "", count: int = 1, width: int = WIDE
) -> list[Any]:
    """A dashed rule across the chart, with its words beyond the right end if there are any."""
    rule = alt.Chart(data_of([{"value": value, "period": count - 1, "words": words}]))
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
    provisional: Sequence[bool] = (),
    breaks: Sequence[int] = (),
) -> str:
    """Lines over periods, named at their ends, with an optional target rule.

    Args:
        name: beginning of the ids in the drawing.
        periods: names of the periods, from left to right.
        series: what is drawn; None is a gap.
        unit: of the values.
        width: of the drawing.
        height: of the drawing.
        target: where a rule lies across.
        target_words: what it is called.
        from_zero: whether the axis begins at zero.
        highlighted: how many of the last periods the page is about.
        provisional: per period whether its values may still move: their points are hollow, and a
            hatched band lies behind them.
        breaks: positions of the periods before which a definition changed: a rule stands there,
            and no line crosses it.
    """
    alt = altair()

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
        domain=False, ticks=False, **axis_of(steps, unit)
    )
    x = _period_axis(alt, periods, width)
    colours = {line.name: SERIES[index % 4] for index, line in enumerate(series)}
    layers = [_band(alt, x, len(periods), highlighted, _unsure(provisional))]
    ends = []
    for index, line in enumerate(series):
        rows = [
            {
                "period": place,
                "value": value,
                "sure": place not in _unsure(provisional),
                "part": sum(place >= each for each in breaks),
            }
            for place, value in enumerate(line.values)
        ]
        base = alt.Chart(data_of(rows)).encode(x="period:O", y=y)
        layers.append(
            base.mark_line(
                color=colours[line.name], strokeWidth=2.4, strokeDash=DASHES[index % 4]
            ).encode(detail="part:N")
        )
        for sure in (True, False):
            if any(row["sure"] is sure and row["value"] is not None for row in rows):
                layers.append(
                    base.transform_filter(alt.datum.sure == sure).mark_point(
                        color=colours[line.name],
                        filled=True,
                        fill=colours[line.name] if sure else PAPER,
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
    layers += _breaks(alt, breaks)
    if target is not None:
        layers += _target(alt, y, target)
        ends.append((target_words, target))
        colours[target_words] = INK
    if ends:
        layers.append(_line_names(alt, y, ends, colours, steps, (width, height), len(periods)))
    return svg(configured(alt.layer(*layers), width, height), name)


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
        alt.Chart(data_of(rows))
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
    provisional: Sequence[bool] = (),
    breaks: Sequence[int] = (),
) -> str:
    """Columns over periods; those the page is about stand out and carry their value.

    Provisional ones are hatched, and a rule stands before a period with another definition: see
    `lines`.
    """
    alt = altair()

    known = [value for value in values if value is not None]
    reach = known + ([] if target is None else [target]) + [0.0]
    steps = ticks(min(reach), max(reach), about=4, least=1.0 if unit == "count" else 0.0)
    scale = alt.Scale(domain=[steps[0], steps[-1]], nice=False)
    y = alt.Y("value:Q", scale=scale, title=None).axis(
        domain=False, ticks=False, **axis_of(steps, unit)
    )
    first = len(periods) - highlighted
    rows = [
        {
            "period": place,
            "value": value,
            "words": labels[place] if labels else "",
            "sure": place not in _unsure(provisional),
        }
        for place, value in enumerate(values)
    ]
    base = alt.Chart(data_of(rows)).encode(x=_period_axis(alt, periods, width), y=y)
    target_words = target_words.replace(" ", "|", 1)
    is_own, is_sure = alt.datum.period >= first, alt.datum.sure == True  # noqa: E712
    layers = [
        base.mark_bar(color=PAST).transform_filter(~is_own & is_sure),
        base.mark_bar(color=BLUE).transform_filter(is_own & is_sure),
        base.mark_bar(color=HATCHED_PAST, stroke=PAST).transform_filter(~is_own & ~is_sure),
        base.mark_bar(color=HATCHED, stroke=BLUE).transform_filter(is_own & ~is_sure),
        *_breaks(alt, breaks),
    ]
    if labels and width / len(periods) > 36:
        layers.append(
            base.transform_filter(alt.datum.period >= first)
            .mark_text(dy=-8, fontSize=12, color=INK, fontWeight=600)
            .encode(text="words:N")
        )
    if target is not None:
        layers += _target(alt, y, target, target_words, len(periods), width)
    return svg(configured(alt.layer(*layers), width, height), name)


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
    alt = altair()

    known = [value for value in values if value is not None]
    low = min([each[1] for each in known] + ([] if target is None else [target]))
    high = max([each[2] for each in known] + ([] if target is None else [target]))
    steps = [step for step in ticks(low, high) if 0 <= step <= 1]
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[min(steps[0], low), max(steps[-1], high)], nice=False, zero=False),
        title=None,
    ).axis(domain=False, ticks=False, **axis_of(steps, "share"))
    x = _period_axis(alt, periods, width)
    rows = [
        {"period": place, "value": each[0], "low": each[1], "high": each[2]}
        for place, each in enumerate(values)
        if each is not None
    ]
    base = alt.Chart(data_of(rows)).encode(x="period:O")
    layers = [
        _band(alt, x, len(periods), highlighted),
        base.mark_rule(color=PAST, strokeWidth=5, strokeCap="round").encode(
            y=alt.Y("low:Q", title=None), y2="high:Q"
        ),
        base.mark_point(color=BLUE, fill=BLUE, filled=True, opacity=1, size=60).encode(y=y),
    ]
    if target is not None:
        layers += _target(alt, y, target, target_words.replace(" ", "|", 1), len(periods), width)
    return svg(configured(alt.layer(*layers), width, height), name)
