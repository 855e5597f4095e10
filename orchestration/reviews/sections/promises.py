"""Promises: which service levels were kept, under which policy, and how far the rest was missed.

Promises belong here as the marts settle them. The waits that customers had are the speed section's
subject, whatever was promised.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import Block, Chart, Heading, Missing, Section, Sentence
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import moved, of_period, published

KEPT, OPEN = "K16", "K16_open_breaches"
KINDS = (
    ("K16_first_reply", "First reply"),
    ("K16_next_reply", "Later replies"),
    ("K16_resolution", "Resolution"),
)
POLICIES = "kpi_promises"
KEY = ("period_kind", "period_start_on", "policy_id")
SLICES = (("network", "Network"), ("team", "Team"), ("priority", "Priority"))


def build(desk: Desk) -> Section | None:
    """Service levels: overall, by kind of promise, by policy, and where they are kept least."""
    desk.section = "promises"
    title = "Promises to customers"
    if not desk.reading(KEPT).is_published:
        return None
    if desk.reading(KEPT).value is None and not desk.trend_of([KEPT]):
        return Section("promises", title, (), (Missing(title, desk.why_missing(KEPT)),))
    blocks: list[Block] = [_trend(desk)]
    measures = published(desk, [KEPT, *(kpi_id for kpi_id, _ in KINDS), OPEN])
    blocks += [
        Heading("By what was promised", "promises-kinds"),
        desk.comparison("By what was promised", measures),
        *_policies(desk),
    ]
    for slice_kind, head in SLICES:
        table = desk.breakdown(
            f"Promises kept by {slice_kind}",
            slice_kind,
            [KEPT, *(kpi_id for kpi_id, _ in KINDS)],
            ["Kept", *(label for _, label in KINDS)],
            head=head,
            sort_by=KEPT,
            bar=KEPT,
            descending=False,
        )
        if table is not None:
            blocks += [Heading(f"By {slice_kind}", f"promises-{slice_kind}"), table]
    return Section("promises", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    if desk.reading(KEPT).value is None:
        return sentence(f"No promise of this {desk.period.kind} is decided.")
    parts = sentence(
        desk.figure(KEPT), f" of the promises made to customers were kept{moved(desk, KEPT)}."
    )
    if desk.reading(OPEN).value:
        parts += sentence(
            " ",
            desk.figure(OPEN),
            f" were past their deadline and still open {_then(desk)}.",
        )
    return parts


def _then(desk: Desk) -> str:
    """The end of the period, or of what the numbers know of it."""
    as_of = desk.publication.as_of_on
    if as_of <= desk.period.ends_on:
        return f"on {wording.day(as_of)}"
    return f"at the end of the {desk.period.kind}"


def _trend(desk: Desk) -> Chart | Missing:
    ids = [kpi_id for kpi_id, _ in KINDS]
    periods = desk.trend_of(ids)
    title = f"Promises kept by {desk.grain} and kind"
    if not periods:
        return desk.no_trend(title)
    series = [
        charts.Line(label, tuple(each.value for each in desk.series(kpi_id, periods)))
        for kpi_id, label in KINDS
    ]
    series = [line for line in series if any(value is not None for value in line.values)]
    target = desk.reading(KEPT).target_value
    words = "" if target is None else f"target {wording.short(target, 'share')}"
    return desk.chart(
        "promises",
        title,
        "Lines of the share of promises kept, of first replies, later replies and resolutions, "
        f"{periods[0].name} to {periods[-1].name}. The axis does not start at zero."
        f"{f' {words.capitalize()}.' if words else ''}",
        desk.trend_table(title, ids, periods, [label for _, label in KINDS]),
        lambda name, width: desk.lines(
            name,
            periods,
            series,
            "share",
            width=width,
            height=270,
            target=target,
            target_words=words,
            from_zero=False,
        ),
        note=f"The axis does not start at zero. {desk.own_band}",
    )


def _policies(desk: Desk) -> list[Block]:
    rows = desk.rows(POLICIES, of_period(desk), order_by=("kept_share", "policy_id"))
    if not rows:
        return []
    table = desk.mart_table(
        "Promises by policy",
        POLICIES,
        rows,
        KEY,
        columns=(
            ("target_h", "Promised", "hours"),
            ("promises", "Promises", "count"),
            ("kept_share", "Kept", "share"),
            ("broken", "Broken", "count"),
            ("given_up", "Of them given up", "count"),
            ("median_elapsed_h", "Median time", "hours"),
            ("median_overrun_h", "Median overrun", "hours"),
        ),
        head=("policy_id", "Policy"),
        names=[_named(desk, row) for row in rows],
        reasons={
            "kept_share": "too_young",
            "median_elapsed_h": "too_young",
            "median_overrun_h": "nobody waited past the target",
        },
        note="Fewest kept first. Given up: closed without an answer within the time. The overrun "
        "is the time past the target of the other broken ones. Times are as the policy counts.",
    )
    return [Heading("By policy", "promises-policies"), table]


def _named(desk: Desk, row: dict[str, Any]) -> str:
    """A policy, and the time it counts if that is not the calendar's."""
    name = desk.text_of("policy_id", row["policy_id"])
    return f"{name} (business time)" if row["clock"] == "business" else name
