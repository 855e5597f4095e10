"""Audience and engagement: impressions, engagement and amplification of posts.

Post metrics belong here; traffic that posts send to the website is the traffic section's.
"""

from __future__ import annotations

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
    impressions = desk.single(IMPRESSIONS, "impressions", f"Impressions by {desk.grain}")
    rate = desk.single(RATE, "engagement-rate", f"Engagement rate by {desk.grain}")
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
            parts += sentence(" and drew ", desk.figure(CORE), " reactions, comments and shares")
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
