"""Small lines without axes, for cards and lists.

A spark says how a number moved and nothing else; its value stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews.charts.look import BLUE, MUTED


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
