"""Attribution: which channel each model credits with conversions, and how sure that is.

Credit is shown side by side per model and never blended; how it is computed is the attribution
marts' business. The paths that customers took are the journeys section's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Callout,
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

#: Every model, in the order of the tables. Those drawn beside each other are one that credits the
#: last visit alone, one that shares by rule, one that shares by what the data say.
MODELS = (
    ("last_touch", "Last touch"),
    ("last_non_direct", "Last non-direct"),
    ("first_touch", "First touch"),
    ("linear", "Linear"),
    ("position_based", "Position-based"),
    ("time_decay", "Time decay"),
    ("markov", "Markov"),
    ("shapley", "Shapley"),
)
DRAWN = ("last_touch", "linear", "markov")
ASSISTED, ASSISTED_SHARE = "K72", "K72_share"
SEARCH_TAKES, SEARCH_TAKES_REVENUE = "K73", "K73_revenue"
LAST_TAKES, LAST_TAKES_REVENUE = "K73_social", "K73_social_revenue"
UNATTRIBUTED = "Unattributed"
NOTES = {
    "channel_group": "Conversions without any visit we know of are in the table, not in the bars. "
    "Five more models are in the table as well.",
    "network": "Networks share what a model credits to social; the other channels are above.",
}
LOOKBACKS, EFFECTS = "kpi_attribution_lookbacks", "kpi_attribution_effects"
KEY_OF_LOOKBACK = ("quarter_start_on", "lookback_days", "model")
KEY_OF_EFFECT = ("quarter_start_on", "channel_group", "network")


def credit(model: str) -> str:
    """The KPI id of a model's conversions."""
    return f"K71_{model}"


def revenue(model: str) -> str:
    """The KPI id of a model's revenue."""
    return f"K71_{model}_revenue"


def build(desk: Desk) -> Section:
    """The attribution section."""
    desk.section = "attribution"
    title = "Who gets the credit"
    if not desk.snapshot.has_any([credit(model) for model, _ in MODELS], desk.period):
        missing = Missing("Conversions by model", desk.why_missing(credit("last_touch")))
        return Section("attribution", title, (), (missing,))
    blocks: list[Block] = []
    callout = _taken(desk)
    if callout is not None:
        blocks.append(callout)
    for slice_kind, head in (("channel_group", "Channel group"), ("network", "Network")):
        heading = f"By {head.lower()}"
        blocks += [Heading(heading, f"attribution-{slice_kind.replace('_', '-')}")]
        blocks += _models(desk, slice_kind, head)
    blocks += _lookbacks(desk)
    blocks += _effects(desk)
    return Section("attribution", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    last, linear = (desk.reading(credit(model)) for model in ("last_touch", "linear"))
    if last.value is not None and linear.value is not None:
        parts += sentence(
            "Last touch credits social with ",
            desk.show(last, "prose"),
            " conversions, an equal share for every touch with ",
            desk.show(linear, "prose"),
            ".",
        )
    if desk.reading(ASSISTED).value is not None:
        parts += sentence(
            " Social was on the way to ",
            desk.figure(ASSISTED),
            " conversions whose last visit came from elsewhere",
        )
        if desk.reading(ASSISTED_SHARE).value is not None:
            parts += sentence(", ", desk.figure(ASSISTED_SHARE), " of those whose visitor is known")
        parts += sentence(".")
    return parts


def _taken(desk: Desk) -> Callout | None:
    """What the last click takes from social, as the scorecard has it."""
    taken = desk.reading(LAST_TAKES)
    if taken.value is None:
        taken = desk.reading(SEARCH_TAKES)
        return None if taken.value is None else Callout("What paid search takes", _search(desk))
    if taken.value > 0:
        parts = sentence(
            "Reports that credit the last click alone take ",
            desk.show(taken, "prose"),
            " conversions",
        )
        if desk.reading(LAST_TAKES_REVENUE).value is not None:
            parts += sentence(", worth ", desk.figure(LAST_TAKES_REVENUE), ",")
        parts += sentence(" from social and give them to the channel of the final visit. ")
    else:
        parts = sentence(
            "Reports that credit the last click alone take nothing from social: the difference is ",
            desk.show(taken, "prose"),
            " conversions. ",
        )
    if desk.reading(SEARCH_TAKES).value is not None:
        parts += _search(desk)
    return Callout("What last click takes from social", parts)


def _search(desk: Desk) -> Sentence:
    parts = sentence(
        "Paid search alone takes ", desk.figure(SEARCH_TAKES), " that social began a month before"
    )
    if desk.reading(SEARCH_TAKES_REVENUE).value is not None:
        parts += sentence(", worth ", desk.figure(SEARCH_TAKES_REVENUE))
    return parts + sentence(".")


# -- by channel and by network -------------------------------------------------------------------


def _ordered(desk: Desk, slice_kind: str, ids: Sequence[str]) -> list[str]:
    """Slices by linear credit; the unattributed row is last and stays even when it is zero."""
    ranked = desk.ranked(slice_kind, ids, credit("linear"), keep_last=(UNATTRIBUTED,))
    if slice_kind == "channel_group" and UNATTRIBUTED not in ranked:
        reading = desk.reading(credit("linear"), slice_=(slice_kind, UNATTRIBUTED))
        if reading.is_published:
            ranked.append(UNATTRIBUTED)
    return ranked


def _models(desk: Desk, slice_kind: str, head: str) -> list[Block]:
    counts = [credit(model) for model, _ in MODELS]
    values = _ordered(desk, slice_kind, counts)
    title = f"Conversions by {head.lower()} and model"
    if not values:
        return [Missing(title, desk.why_missing(counts[0]))]
    drawn = [value for value in values if value != UNATTRIBUTED]
    names = [desk.name_of(slice_kind, value) for value in drawn]
    series = [
        charts.Line(
            dict(MODELS)[model],
            tuple(desk.reading(credit(model), slice_=(slice_kind, value)).value for value in drawn),
        )
        for model in DRAWN
    ]
    blocks: list[Block] = []
    if drawn:
        blocks.append(
            desk.chart(
                f"credit-{slice_kind.replace('_', '-')}",
                title,
                f"Three bars for each {head.lower()}: the conversions that last touch, an equal "
                "share and the Markov model credit it with.",
                _table(desk, slice_kind, head, values, credit, title),
                lambda name, width: charts.bars(name, names, series, "count", width=width),
                note=NOTES[slice_kind],
            )
        )
    if slice_kind == "channel_group" and any(
        desk.reading(revenue(model), slice_=(slice_kind, value)).value is not None
        for model, _ in MODELS
        for value in values
    ):
        caption = f"Revenue by {head.lower()} and model"
        blocks.append(_table(desk, slice_kind, head, values, revenue, caption))
    return blocks


def _table(
    desk: Desk,
    slice_kind: str,
    head: str,
    values: Sequence[str],
    kpi: Callable[[str], str],
    caption: str,
) -> Table:
    ids = [kpi(model) for model, _ in MODELS]
    rows = tuple(
        (
            Cell(desk.name_of(slice_kind, value)),
            *(Cell(desk.show(desk.reading(each, slice_=(slice_kind, value)))) for each in ids),
        )
        for value in values
    )
    columns = (
        Column(head, is_number=False),
        *(Column(label, kpi_id=each) for each, (_, label) in zip(ids, MODELS, strict=True)),
    )
    return Table(caption, columns, rows)


# -- how sure it is ------------------------------------------------------------------------------


def _lookbacks(desk: Desk) -> list[Block]:
    """What social would be credited with if visits counted for fewer days; told by the quarter."""
    rows = desk.rows(LOOKBACKS, {"quarter_start_on": desk.period.starts_on})
    if desk.period.kind != "quarter" or not rows:
        return []
    days = sorted({float(row["lookback_days"]) for row in rows})
    found = {(row["model"], float(row["lookback_days"])): row for row in rows}
    models = [each for each in MODELS if any((each[0], day) in found for day in days)]
    names = [label for _, label in models]
    series = [
        charts.Line(
            f"{wording.number(day, 'count')} days",
            tuple(_value(found.get((model, day)), "social_conversions") for model, _ in models),
        )
        for day in days
    ]
    body = tuple(
        (
            Cell(label),
            *(
                Cell("n/a") if (row := found.get((model, day))) is None else _told(desk, row)
                for day in days
            ),
        )
        for model, label in models
    )
    title = "Conversions credited to social by days counted back"
    columns = (Column("Model", is_number=False), *(Column(each.name) for each in series))
    chart = desk.chart(
        "credit-lookback",
        title,
        "A group of bars a model: what it credits social with when visits count for "
        f"{wording.joined([each.name for each in series])} before the conversion.",
        Table(title, columns, body),
        lambda name, width: charts.bars(name, names, series, "count", width=width),
        note="Where social is credited with less the fewer days count, it comes early on the way.",
    )
    return [Heading("How far back visits count", "attribution-lookback"), chart]


def _told(desk: Desk, row: Mapping[str, Any]) -> Cell:
    return Cell(desk.number(LOOKBACKS, row, "social_conversions", "count", KEY_OF_LOOKBACK))


def _value(row: Mapping[str, Any] | None, column: str) -> float | None:
    return None if row is None or row[column] is None else float(row[column])


def _effects(desk: Desk) -> list[Block]:
    """What would be lost without a channel, after two models that learn from the data."""
    rows = desk.rows(
        EFFECTS, {"quarter_start_on": desk.period.starts_on}, order_by=("-removal_effect_share",)
    )
    if desk.period.kind != "quarter" or not rows:
        return []
    names = [channel_name(desk, row["channel_group"], row["network"]) for row in rows]
    series = [
        charts.Line("Markov", tuple(_value(row, "removal_effect_share") for row in rows)),
        charts.Line("Shapley", tuple(_value(row, "shapley_share") for row in rows)),
    ]
    measures = (
        ("touches", "Touches", "count"),
        ("reach_chance", "Journeys that touch it", "share"),
        ("removal_effect", "Lost without it", "share"),
        ("removal_effect_share", "Share, Markov", "share"),
        ("shapley_share", "Share, Shapley", "share"),
    )
    body = tuple(
        (
            Cell(name),
            *(
                Cell(desk.number(EFFECTS, row, column, unit, KEY_OF_EFFECT))
                for column, _, unit in measures
            ),
        )
        for name, row in zip(names, rows, strict=True)
    )
    title = "What would be lost without a channel"
    columns = (
        Column("Channel", is_number=False),
        *(Column(label) for _, label, _ in measures),
    )
    chart: Chart = desk.chart(
        "credit-effects",
        title,
        "Two bars a channel: its share of the credit after the Markov and the Shapley model.",
        Table(title, columns, body),
        lambda name, width: charts.bars(name, names, series, "share", width=width),
        note="Both models learn from the journeys themselves; where they disagree, the data say "
        "too little.",
    )
    return [Heading("What the data say", "attribution-effects"), chart]


def channel_name(desk: Desk, channel_group: str, network: str | None) -> str:
    """A channel with its network, as a reader would write it: `Facebook, organic`."""
    name = desk.name_of("channel_group", channel_group)
    if network in (None, "", "none"):
        return name
    return f"{desk.name_of('network', str(network))}, {name.removesuffix(' Social').lower()}"
