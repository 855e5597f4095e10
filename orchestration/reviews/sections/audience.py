"""Audience and engagement: impressions, engagement and amplification of posts.

Post metrics belong here; traffic that posts send to the website is the traffic section's.
"""

from __future__ import annotations

from orchestration.reviews import charts
from orchestration.reviews.blocks import Block, Chart, Heading, Missing, Pair, Section, Sentence
from orchestration.reviews.desk import Desk, sentence

IMPRESSIONS, CORE, NATIVE, RATE, AMPLIFICATION = "K62", "K63", "K63_native", "K64", "K65"
BREAKDOWN = (
    (IMPRESSIONS, "Impressions"),
    (CORE, "Engagement, core"),
    (NATIVE, "As the network counts"),
    (RATE, "Engagement rate"),
    (AMPLIFICATION, "Amplification"),
)


def build(desk: Desk) -> Section:
    """The audience section."""
    desk.section = "audience"
    title = "Audience and engagement"
    ids = [kpi_id for kpi_id, _ in BREAKDOWN]
    if not desk.snapshot.has_any(ids, desk.period):
        return Section(
            "audience", title, (), (Missing("Posts and engagement", desk.why_missing(IMPRESSIONS)),)
        )
    impressions = _chart(desk, IMPRESSIONS, "impressions", f"Impressions by {desk.grain}")
    rate = _chart(desk, RATE, "engagement-rate", f"Engagement rate by {desk.grain}")
    blocks: list[Block] = (
        [Pair(impressions, rate)]
        if isinstance(impressions, Chart) and isinstance(rate, Chart)
        else [impressions, rate]
    )
    for slice_kind, head in (("network", "Network"), ("product", "Product")):
        table = desk.breakdown(
            f"Posts by {slice_kind}",
            slice_kind,
            ids,
            [label for _, label in BREAKDOWN],
            head=head,
            sort_by=IMPRESSIONS,
            bar=IMPRESSIONS,
        )
        if table is not None:
            blocks += [Heading(f"By {slice_kind}", f"audience-{slice_kind}"), table]
    return Section("audience", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    if desk.reading(IMPRESSIONS).value is not None:
        parts += sentence("Posts were seen ", desk.figure(IMPRESSIONS), " times")
        if desk.reading(CORE).value is not None:
            parts += sentence(" and drew ", desk.figure(CORE), " likes, replies and shares")
        if desk.reading(RATE).value is not None:
            parts += sentence(", an engagement rate of ", desk.figure(RATE))
        parts += sentence(".")
    if desk.reading(AMPLIFICATION).value is not None:
        parts += sentence(
            " Readers passed posts on at a rate of ",
            desk.figure(AMPLIFICATION),
            " of impressions.",
        )
    return parts


def _chart(desk: Desk, kpi_id: str, chart_id: str, title: str) -> Chart | Missing:
    periods = desk.trend_of([kpi_id])
    if not periods:
        return desk.no_trend(title)
    definition = desk.definition(kpi_id)
    names = [each.short_name for each in periods]
    values = tuple(each.value for each in desk.series(kpi_id, periods))

    def draw(name: str, width: int) -> str:
        if definition.unit == "count":
            return charts.columns(
                name,
                names,
                values,
                "count",
                width=width,
                height=240,
                highlighted=desk.highlighted,
            )
        series = [charts.Line(definition.name, values)]
        return charts.lines(
            name,
            names,
            series,
            definition.unit,
            width=width,
            height=240,
            from_zero=False,
            highlighted=desk.highlighted,
        )

    shape = "Columns" if definition.unit == "count" else "A line"
    return desk.chart(
        chart_id,
        title,
        f"{shape} of {definition.name.lower()}, {periods[0].name} to {periods[-1].name}.",
        desk.trend_table(title, [kpi_id], periods),
        draw,
        note="" if definition.unit == "count" else "The axis does not start at zero.",
        widths=(390, 390),
    )
