"""Traffic and attribution: visits from social, and what each attribution model credits to whom.

Credit is shown side by side per model and never blended; how it is computed is the attribution
mart's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Callout,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Pair,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence

SESSIONS, SHARE, VISITORS = "K68", "K68_share", "K69"
MODELS = (
    ("last_touch", "Last touch"),
    ("last_non_direct", "Last non-direct"),
    ("first_touch", "First touch"),
    ("linear", "Linear"),
)
UNATTRIBUTED = "Unattributed"


def credit(model: str) -> str:
    """The KPI id of a model's conversions."""
    return f"K71_{model}"


def revenue(model: str) -> str:
    """The KPI id of a model's revenue."""
    return f"K71_{model}_revenue"


def build(desk: Desk) -> Section:
    """The traffic section."""
    desk.section = "traffic"
    title = "Traffic and attribution"
    ids = [SESSIONS, VISITORS, *(credit(model) for model, _ in MODELS)]
    if not desk.snapshot.has_any(ids, desk.period):
        return Section(
            "traffic", title, (), (Missing("Visits and conversions", desk.why_missing(SESSIONS)),)
        )
    sessions = desk.single(SESSIONS, "sessions", f"Sessions from social by {desk.grain}")
    share = desk.single(SHARE, "share", "Share of traffic from social")
    blocks: list[Block] = (
        [Pair(sessions, share)]
        if isinstance(sessions, Chart) and isinstance(share, Chart)
        else [sessions, share]
    )
    table = desk.breakdown(
        "Visits by network",
        "network",
        (SESSIONS, SHARE, VISITORS),
        ("Sessions", "Share of all traffic", "Visitors"),
        head="Network",
        sort_by=SESSIONS,
        bar=SESSIONS,
    )
    if table is not None:
        blocks += [Heading("Visits by network", "traffic-network"), table]
    blocks.append(Heading("Who gets the credit", "traffic-credit"))
    callout = _taken(desk)
    if callout is not None:
        blocks.append(callout)
    blocks += _models(desk, "channel_group", "Channel group")
    blocks += _models(desk, "network", "Network")
    return Section("traffic", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    if desk.reading(SESSIONS).value is not None:
        parts += sentence("Social networks sent ", desk.figure(SESSIONS), " sessions")
        if desk.reading(SHARE).value is not None:
            parts += sentence(", ", desk.figure(SHARE), " of all traffic")
        if desk.reading(VISITORS).value is not None:
            parts += sentence(", by ", desk.figure(VISITORS), " different visitors")
        parts += sentence(".")
    return parts


def _taken(desk: Desk) -> Callout | None:
    """How much of social's linear credit the last-touch model gives to somebody else."""
    last, linear = (desk.reading(credit(model)) for model in ("last_touch", "linear"))
    if last.value is None or not linear.value:
        return None
    parts = sentence(
        "Last touch credits social with ",
        desk.show(last, "prose"),
        " conversions; shared equally over all touches (linear) it is ",
        desk.show(linear, "prose"),
        ". ",
    )
    gap = linear.value - last.value
    share = wording.number(abs(gap) / linear.value, "share")
    if gap > 0:
        parts += sentence(
            f"So last touch takes {wording.number(round(gap, 1), 'count')} of them "
            f"({share}) away from social and gives them to the channel of the final visit."
        )
    else:
        parts += sentence(f"So last touch gives social {share} more than the linear model does.")
    old, new = (desk.reading(revenue(model)) for model in ("last_touch", "linear"))
    if old.value is not None and new.value is not None and old.value != new.value:
        parts += sentence(
            " In revenue: ",
            desk.show(old, "prose"),
            " instead of ",
            desk.show(new, "prose"),
            f", {wording.number(abs(new.value - old.value), 'money')} "
            f"{'less' if old.value < new.value else 'more'}.",
        )
    title = "What last touch takes from social" if gap > 0 else "Last touch and social"
    return Callout(title, parts)


def _ordered(desk: Desk, slice_kind: str, ids: Sequence[str]) -> list[str]:
    """Slices by linear credit; the unattributed row is last and stays even when it is zero."""
    ranked = desk.ranked(slice_kind, ids, credit("linear"), keep_last=(UNATTRIBUTED,))
    if slice_kind == "channel_group" and UNATTRIBUTED not in ranked:
        reading = desk.reading(credit("linear"), slice_=(slice_kind, UNATTRIBUTED))
        if reading.is_published:
            ranked.append(UNATTRIBUTED)
    return ranked


def _name(desk: Desk, slice_kind: str, value: str) -> str:
    return value if value == UNATTRIBUTED else desk.name_of(slice_kind, value)


def _models(desk: Desk, slice_kind: str, head: str) -> list[Block]:
    counts = [credit(model) for model, _ in MODELS]
    values = _ordered(desk, slice_kind, counts)
    title = f"Conversions by {head.lower()} and model"
    if not values:
        return [Missing(title, desk.why_missing(counts[0]))]
    table = _table(desk, slice_kind, head, values, credit, title)
    rows = [
        charts.Row(
            _name(desk, slice_kind, value),
            tuple(desk.reading(kpi_id, slice_=(slice_kind, value)).value for kpi_id in counts),
        )
        for value in values
    ]

    def draw(name: str, width: int) -> str:
        return charts.dots(name, [label for _, label in MODELS], rows, "count", width=width)

    chart = desk.chart(
        f"credit-{slice_kind.replace('_', '-')}",
        title,
        f"For each {head.lower()} one mark per attribution model: the conversions it credits. "
        "Long rules between marks mean that the models disagree.",
        table,
        draw,
    )
    money = _table(desk, slice_kind, head, values, revenue, f"Revenue by {head.lower()} and model")
    if all(
        not isinstance(cell.content, str) and cell.content.reading.value is None
        for row in money.rows
        for cell in row[1:]
    ):
        return [chart]
    return [chart, money]


def _table(
    desk: Desk, slice_kind: str, head: str, values: Sequence[str], kpi: object, caption: str
) -> Table:
    ids = [kpi(model) for model, _ in MODELS]  # type: ignore[operator]
    rows = tuple(
        (
            Cell(_name(desk, slice_kind, value)),
            *(Cell(desk.show(desk.reading(each, slice_=(slice_kind, value)))) for each in ids),
        )
        for value in values
    )
    columns = (
        Column(head, is_number=False),
        *(Column(label, kpi_id=each) for each, (_, label) in zip(ids, MODELS, strict=True)),
    )
    note = ""
    if slice_kind == "network":
        note = "Networks share what the model credits to social; the other channels are above."
    return Table(caption, columns, rows, note)
