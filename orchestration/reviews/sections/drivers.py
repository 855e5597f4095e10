"""Drivers: what made the first reply slower or faster than in the period before, and where it is.

Contributions to the change and the matrix of waits belong here, both as the marts tell them. How
long the wait is overall and over time is the speed section's subject.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    Remark,
    Section,
    Sentence,
    Table,
    source_anchor,
)
from orchestration.reviews.desk import Desk, enumerated, sentence
from orchestration.reviews.sections.common import of_period

MEAN = "K04"
DRIVERS = "kpi_reply_drivers"
DRIVER_KEY = ("period_kind", "period_start_on", "slice_kind", "slice_value")
MATRIX = "kpi_reply_matrix"
MATRIX_KEY = ("period_kind", "period_start_on", "network", "product", "topic")
#: Kinds of slices that are drawn, with the head of their tables.
DRAWN = (("topic", "Topic"), ("network", "Network"), ("product", "Product"))
#: Slices drawn, told in the callout from either end, and listed of the finer ones.
MOST_DRAWN, MOST_TOLD, MOST_LISTED = 8, 3, 5
#: Topics of a map, and cells in the list of the slowest.
MOST_TOPICS, SLOWEST = 12, 10
COLUMNS = (
    ("contribution_min", "Contribution", "minutes"),
    ("speed_effect_min", "By its speed", "minutes"),
    ("mix_effect_min", "By its share", "minutes"),
    ("first_reply_mean_h", "Mean", "hours"),
    ("previous_first_reply_mean_h", "Mean before", "hours"),
    ("first_replies", "First replies", "count"),
    ("previous_first_replies", "Before", "count"),
)
REASONS = {"first_reply_mean_h": "no_cases", "previous_first_reply_mean_h": "no_cases"}
EXPLAINED = (
    "Contributions add up to the change of the mean. By its speed: answered more slowly or faster "
    "than before. By its share: more or fewer of the replies than before, where waits are longer "
    "or shorter than the average was. Minus shortened the wait."
)


def build(desk: Desk) -> Section | None:
    """What moved the mean first reply time, and the matrix of its cells."""
    desk.section = "drivers"
    blocks: list[Block] = [*_changes(desk), *_matrix(desk)]
    if not blocks:
        return None
    return Section("drivers", "What drives the wait", _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    now, before = desk.reading(MEAN), desk.reading(MEAN, desk.previous)
    if now.value is None or before.value is None:
        return sentence(
            f"The wait cannot be compared with {desk.previous.in_words}: there is no mean of one "
            "of the two."
        )
    verb = wording.verb(now.value, before.value)
    if verb == "stayed":
        return sentence("The mean first reply time stayed at ", desk.show(now, "prose"), ".")
    return sentence(
        f"The mean first reply time {verb} from ",
        desk.show(before, "prose"),
        f" in {desk.previous.in_words} to ",
        desk.show(now, "prose"),
        ". The bars say how much of that each part brought about.",
    )


# -- the change ----------------------------------------------------------------------------------


def _changes(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    for slice_kind, head in DRAWN:
        rows = _drivers(desk, slice_kind)
        if not rows:
            continue
        if not blocks:
            blocks += [_callout(desk, slice_kind, rows), Remark(EXPLAINED)]
        blocks += [
            Heading(f"By {slice_kind}: what changed the wait", f"drivers-{slice_kind}"),
            _bars(desk, slice_kind, head, rows),
        ]
    ends = [
        row
        for row in _drivers(desk, "product_topic")
        if min(row["slowing_rank"], row["hastening_rank"]) <= MOST_LISTED
    ]
    if ends:
        blocks += [
            Heading("By product and topic: the ends of the list", "drivers-product-topic"),
            desk.mart_table(
                "Products and topics that changed the wait most",
                DRIVERS,
                ends,
                DRIVER_KEY,
                columns=COLUMNS,
                head=("slice_value", "Product × topic"),
                names=[_named(desk, "product_topic", row) for row in ends],
                reasons=REASONS,
                note=f"At most {wording.small(MOST_LISTED)} that lengthened and "
                f"{wording.small(MOST_LISTED)} that shortened it.",
            ),
        ]
    return blocks


def _drivers(desk: Desk, slice_kind: str) -> list[dict[str, Any]]:
    """The slices of a kind, from what lengthened the wait most to what shortened it most."""
    return desk.rows(
        DRIVERS, {**of_period(desk), "slice_kind": slice_kind}, order_by=("slowing_rank",)
    )


def _callout(desk: Desk, slice_kind: str, rows: Sequence[dict[str, Any]]) -> Callout | Remark:
    """The slices that moved the mean by a minute or more, from both ends."""
    slower = [row for row in rows if row["contribution_min"] >= 1][:MOST_TOLD]
    faster = [row for row in reversed(rows) if row["contribution_min"] <= -1][:MOST_TOLD]
    if not slower and not faster:
        return Remark(f"No {slice_kind} moved the mean first reply time by a minute or more.")
    parts: Sentence = ()
    for verb, found in (("Longer waits came with", slower), ("Shorter waits came with", faster)):
        if found:
            named = [
                sentence(
                    f"{_named(desk, slice_kind, row)} (",
                    desk.number(
                        DRIVERS, row, "contribution_min", "minutes", DRIVER_KEY, style="prose"
                    ),
                    ")",
                )
                for row in found
            ]
            parts += sentence(f"{' ' if parts else ''}{verb} ", enumerated(named), ".")
    return Callout("What moved the mean most", parts)


def _bars(desk: Desk, slice_kind: str, head: str, rows: Sequence[dict[str, Any]]) -> Chart:
    largest = sorted(rows, key=lambda row: (-abs(row["contribution_min"]), row["slice_value"]))
    kept = {row["slice_value"] for row in largest[:MOST_DRAWN]}
    drawn = [row for row in rows if row["slice_value"] in kept]
    names = [_named(desk, slice_kind, row) for row in drawn]
    series = [
        charts.Line(label, tuple(row[column] for row in drawn))
        for column, label in (("speed_effect_min", "Its speed"), ("mix_effect_min", "Its share"))
    ]
    title = f"Change of the mean first reply time by {slice_kind}, in minutes"
    more = len(rows) - len(drawn)
    return desk.chart(
        f"drivers-{slice_kind}",
        title,
        f"Two bars a {slice_kind}: minutes by which the mean became longer or shorter because of "
        f"its speed and because of its share, {desk.period.in_words} against "
        f"{desk.previous.in_words}.",
        desk.mart_table(
            title,
            DRIVERS,
            rows,
            DRIVER_KEY,
            columns=COLUMNS,
            head=("slice_value", head),
            names=[_named(desk, slice_kind, row) for row in rows],
            reasons=REASONS,
            note=EXPLAINED,
        ),
        lambda name, width: charts.bars(name, names, series, "minutes", width=width),
        note=f"{more} smaller ones are in the table." if more > 0 else "",
    )


def _named(desk: Desk, slice_kind: str, row: dict[str, Any]) -> str:
    """A slice as a reader would write it; a pair by the names of both its sides."""
    sides = slice_kind.split("_")
    values = row["slice_value"].split(" × ") if len(sides) > 1 else [row["slice_value"]]
    if len(values) != len(sides):
        return desk.name_of(slice_kind, row["slice_value"])
    return " × ".join(desk.name_of(*each) for each in zip(sides, values, strict=True))


# -- the matrix ----------------------------------------------------------------------------------


def _matrix(desk: Desk) -> list[Block]:
    rows = desk.rows(MATRIX, of_period(desk))
    if not rows:
        return []
    maps: list[Block] = [
        each for side in ("network", "product") if (each := _map(desk, rows, side)) is not None
    ]
    if not maps:
        maps = [
            Missing(
                "First reply times by topic, network and product",
                "no cell has the five first replies that a mean is shown of",
            )
        ]
    blocks: list[Block] = [Heading("Where the wait is: topic by topic", "drivers-matrix"), *maps]
    return [*blocks, *_slowest(desk, rows)]


def _map(desk: Desk, rows: Sequence[dict[str, Any]], side: str) -> Chart | None:
    """Topics against networks or products; the other of the two stays for all."""
    other = "product" if side == "network" else "network"
    cells = {
        (row["topic"], row[side]): row
        for row in rows
        if row[other] == "all" and row["topic"] != "all" and row[side] != "all"
    }
    known = [key for key, row in cells.items() if row["first_reply_mean_h"] is not None]
    if not known:
        return None
    topics = _by_volume(cells, 0, {key[0] for key in known})[:MOST_TOPICS]
    across = _by_volume(cells, 1, {key[1] for key in known if key[0] in topics})
    names = [desk.name_of("topic", topic) for topic in topics]
    heads = [desk.name_of(side, each) for each in across]
    values = [
        [
            cells[topic, each]["first_reply_mean_h"] if (topic, each) in cells else None
            for each in across
        ]
        for topic in topics
    ]
    body = tuple(
        (
            Cell(name),
            *(
                Cell(
                    desk.number(
                        MATRIX, cells[topic, each], "first_reply_mean_h", "hours", MATRIX_KEY
                    )
                    if (topic, each) in cells
                    else ""
                )
                for each in across
            ),
        )
        for topic, name in zip(topics, names, strict=True)
    )
    source = source_anchor(MATRIX, "first_reply_mean_h")
    title = f"Mean first reply time by topic and {side}, in hours"
    return desk.chart(
        f"reply-{side}s",
        title,
        f"A map of topics against {side}s: the darker a cell, the longer its mean wait for a "
        "first human reply.",
        Table(
            title,
            (
                Column("Topic", is_number=False),
                *(Column(head, source=source) for head in heads),
            ),
            body,
            "An empty cell had no first reply.",
        ),
        lambda name, width: charts.heat(
            name, names, heads, values, "hours", good="low", width=width
        ),
        note="An empty frame has fewer than five first replies.",
    )


def _by_volume(
    cells: dict[tuple[str, str], dict[str, Any]], place: int, wanted: set[str]
) -> list[str]:
    """Values of one side of a map, those with the most first replies first, untagged last."""
    volume = dict.fromkeys(wanted, 0)
    for key, row in cells.items():
        if key[place] in volume:
            volume[key[place]] += row["first_replies"]
    return sorted(volume, key=lambda each: (each == "untagged", -volume[each], each))


def _slowest(desk: Desk, rows: Sequence[dict[str, Any]]) -> list[Block]:
    """The cells of the whole matrix with the longest means."""
    known = [
        row
        for row in rows
        if row["first_reply_mean_h"] is not None
        and "all" not in (row["network"], row["product"], row["topic"])
    ]
    known.sort(key=lambda row: (-row["first_reply_mean_h"], *(row[key] for key in MATRIX_KEY)))
    if not known:
        return []
    table = desk.mart_table(
        "The slowest cells of the matrix",
        MATRIX,
        known[:SLOWEST],
        MATRIX_KEY,
        columns=(
            ("product", "Product", "text"),
            ("network", "Network", "text"),
            ("first_reply_mean_h", "Mean", "hours"),
            ("first_replies", "First replies", "count"),
            ("first_replies_within_4h", "Within 4\u00a0h", "count"),
        ),
        head=("topic", "Topic"),
        note="Of the cells of a topic, product and network with at least five first replies.",
    )
    return [Heading("The slowest cells of the matrix", "drivers-slowest"), table]
