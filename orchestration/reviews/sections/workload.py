"""Workload: messages in, share answered, backlog, and how conversations end.

Counts, response and resolution belong here; how fast the first reply came is the speed section's.
"""

from __future__ import annotations

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Chart,
    Heading,
    Missing,
    Pair,
    Section,
    Sentence,
)
from orchestration.reviews.desk import Desk, sentence

INBOUND, TURNS, RESPONSE, BACKLOG, UNANSWERED, CASES = "K01", "K03", "K13", "K21", "K15", "K20"
OUTCOMES = (
    "K13_72h",
    "K24",
    "K24_mean",
    "K24_final",
    "K25",
    "K26",
    "K27",
    "K28",
    "K29",
    "K30",
    "K30_cross_team",
)
TEAM = (
    ("K20", "New cases"),
    ("K24", "First close, median"),
    ("K26", "First contact resolution"),
    ("K27", "One touch"),
    ("K28", "Resolved"),
    ("K30", "Handoffs"),
)


def build(desk: Desk) -> Section:
    """The workload section."""
    desk.section = "workload"
    title = "Response and workload"
    if not desk.snapshot.has_any((INBOUND, TURNS, RESPONSE, CASES), desk.period):
        return Section(
            "workload", title, (), (Missing("Volume and response", desk.why_missing(INBOUND)),)
        )
    volume = _columns(desk, INBOUND, "volume", f"Inbound messages by {desk.grain}")
    open_at = "Open conversations at month end" if desk.grain == "month" else "Open at week's end"
    backlog = _columns(desk, BACKLOG, "backlog", open_at)
    blocks: list[Block] = [_response(desk)]
    if isinstance(volume, Chart) and isinstance(backlog, Chart):
        blocks.append(Pair(volume, backlog))
    else:
        blocks += [volume, backlog]
    blocks += [
        Heading("How conversations end", "workload-outcomes"),
        desk.comparison("How conversations end", OUTCOMES),
    ]
    teams = desk.breakdown(
        "Conversations by team",
        "team",
        [kpi_id for kpi_id, _ in TEAM],
        [label for _, label in TEAM],
        head="Team",
        sort_by="K20",
        bar="K20",
    )
    blocks.append(Heading("By team", "workload-team"))
    blocks.append(teams or Missing("Conversations by team", "no case in the period"))
    return Section("workload", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    if desk.reading(INBOUND).value is not None:
        parts += sentence("Customers sent ", desk.figure(INBOUND), " messages")
        change = desk.change(desk.reading(INBOUND), desk.previous)
        if change.text not in (wording.NOT_AVAILABLE, "no change"):
            parts += sentence(f" ({change.text} on {change.against})")
        if desk.reading(TURNS).value is not None:
            parts += sentence("; ", desk.figure(TURNS), " times someone waited for an answer")
        parts += sentence(".")
    if desk.reading(RESPONSE).value is not None:
        parts += sentence(" ", desk.figure(RESPONSE), " of those older than a day were answered.")
    if desk.reading(BACKLOG).value is not None:
        parts += sentence(
            f" The {desk.period.kind} ended with ", desk.figure(BACKLOG), " open conversations"
        )
        if desk.reading(UNANSWERED).value is not None:
            parts += sentence(", ", desk.figure(UNANSWERED), " of them still without a first reply")
        parts += sentence(".")
    return parts


def _response(desk: Desk) -> Chart | Missing:
    ids = (RESPONSE, "K07")
    periods = desk.trend_of([RESPONSE])
    if not periods:
        return desk.no_trend("The trend of the response rate")
    target = desk.reading(RESPONSE).target_value
    words = "" if target is None else f"target {wording.short(target, 'share')}"
    series = [
        charts.Line(label, tuple(each.value for each in desk.series(kpi_id, periods)))
        for kpi_id, label in zip(ids, ("Answered", "Within 4 h"), strict=True)
    ]
    series = [line for line in series if any(value is not None for value in line.values)]

    def draw(name: str, width: int) -> str:
        return desk.lines(
            name,
            periods,
            series,
            "share",
            width=width,
            height=270,
            target=target,
            target_words=words,
            from_zero=False,
        )

    return desk.chart(
        "response",
        "Response rate and replies within four hours",
        "Lines of the share of customer turns that were answered and of first replies within four "
        f"hours, {periods[0].name} to {periods[-1].name}. The axis does not start at zero. "
        f"{words.capitalize()}.",
        desk.trend_table("Response rate and replies within four hours", ids, periods),
        draw,
        note=f"The axis does not start at zero. {desk.own_band}",
    )


def _columns(desk: Desk, kpi_id: str, chart_id: str, title: str) -> Chart | Missing:
    periods = desk.trend_of([kpi_id])
    if not periods:
        return desk.no_trend(title)
    values = [each.value for each in desk.series(kpi_id, periods)]

    def draw(name: str, width: int) -> str:
        return desk.columns(
            name,
            periods,
            values,
            width=width,
            height=240,
        )

    return desk.chart(
        chart_id,
        title,
        f"Columns of {desk.definition(kpi_id).name.lower()}, {periods[0].name} to "
        f"{periods[-1].name}; {desk.own_marks}.",
        desk.trend_table(title, [kpi_id], periods),
        draw,
        widths=(390, 390),
    )
