"""Share of voice: how much of what people say about the brands we watch is about us.

Shares of brands and networks belong here. What is said, by whom and how loudly is the listening
section's.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import moved, of_period

ANY, FRACTIONAL = "K55", "K55_fractional"
VOICE = "kpi_share_of_voice"
KEY = ("period_kind", "period_start_on", "network", "brand")
SPLIT = (
    "A mention that names two brands counts half for each in the shared figure, which adds up to "
    "one over the brands; in the other it counts whole for both."
)


def build(desk: Desk) -> Section | None:
    """The share of voice of us and of the brands we watch."""
    desk.section = "voice"
    title = "Share of voice"
    if not desk.reading(ANY).is_published:
        return None
    if desk.reading(ANY).value is None:
        return Section("voice", title, (), (Missing(title, desk.why_missing(ANY)),))
    brands = desk.ranked("brand", (FRACTIONAL,), FRACTIONAL)
    blocks: list[Block] = []
    if brands:
        blocks += [_now_and_before(desk, brands), _over_time(desk, brands), *_mentions(desk)]
    table = desk.breakdown(
        "Our share of voice by network",
        "network",
        (ANY, FRACTIONAL),
        ("Mentions that name us", "Shared"),
        head="Network",
        sort_by=FRACTIONAL,
        bar=FRACTIONAL,
    )
    if table is not None:
        blocks += [Heading("By network", "voice-network"), table]
    return Section("voice", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts = sentence(
        "Of the times a brand we watch was named, ",
        desk.figure(ANY),
        f" were ours{moved(desk, ANY)}",
    )
    if desk.reading(FRACTIONAL).value is not None:
        parts += sentence(
            "; where a mention of several brands is shared among them it is ",
            desk.figure(FRACTIONAL),
        )
    return parts + sentence(".")


def _now_and_before(desk: Desk, brands: Sequence[str]) -> Chart:
    names = [desk.name_of("brand", each) for each in brands]
    periods = (desk.period, desk.previous)
    series = [
        charts.Line(
            period.short_name,
            tuple(desk.reading(FRACTIONAL, period, ("brand", each)).value for each in brands),
        )
        for period in periods
    ]
    rows = tuple(
        (
            Cell(name),
            *(
                Cell(desk.figure(FRACTIONAL, each, ("brand", brand), style="table"))
                for each in periods
            ),
        )
        for name, brand in zip(names, brands, strict=True)
    )
    title = f"Share of voice by brand, {periods[0].short_name} and {periods[1].short_name}"
    columns = (
        Column("Brand", is_number=False),
        *(Column(each.short_name, kpi_id=FRACTIONAL) for each in periods),
    )
    return desk.chart(
        "voice-brands",
        title,
        f"Two bars a brand: its share in {periods[0].in_words} and in {periods[1].in_words}.",
        Table(title, columns, rows),
        lambda name, width: charts.bars(name, names, series, "share", width=width),
        note=SPLIT,
    )


def _over_time(desk: Desk, brands: Sequence[str]) -> Chart | Missing:
    return desk.panels(
        FRACTIONAL,
        [("brand", each) for each in brands],
        "voice-trend",
        f"Share of voice by brand and {desk.grain}",
        "its share",
        note="A brand begins in the month from which it is watched.",
    )


def _mentions(desk: Desk) -> list[Block]:
    rows = desk.rows(
        VOICE, {**of_period(desk), "network": "all"}, order_by=("-fractional_mentions",)
    )
    if not rows:
        return []
    table = desk.mart_table(
        "What is said of each brand",
        VOICE,
        rows,
        KEY,
        columns=(
            ("mentions", "Mentions", "count"),
            ("unique_authors", "Authors", "count"),
            ("positive_mentions", "Positive", "count"),
            ("neutral_mentions", "Neutral", "count"),
            ("negative_mentions", "Negative", "count"),
            ("net_sentiment", "Net sentiment", "ratio"),
            ("engagements", "Engagements", "count"),
        ),
        head=("brand", "Brand"),
        reasons={"net_sentiment": "no mention has a sentiment", "engagements": "no tool tells"},
        note=f"{wording.small(len(rows)).capitalize()} brands are watched.",
    )
    return [Heading("What is said of each brand", "voice-mentions"), table]
