"""Audience and engagement: who follows and sees us, and what posts stir.

Post and profile metrics belong here. Single posts are the section's on what we publish; traffic
that posts send to the website is the traffic section's.
"""

from __future__ import annotations

from orchestration.reviews import charts
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
from orchestration.reviews.sections.common import moved, pair

IMPRESSIONS, CORE, NATIVE, RATE, AMPLIFICATION = "K62", "K63", "K63_native", "K64", "K65"
CLICKS, CLICK_RATE = "K67", "K67_ctr"
FOLLOWERS, NET, GROWTH, PER_FOLLOWER = "K66", "K66_net", "K66_growth", "K64_follower"
REACH, DAY_REACH = "K61", "K61_day"
POSTS = (
    (IMPRESSIONS, "Impressions"),
    (CORE, "Engagement"),
    (NATIVE, "As counted there"),
    (RATE, "Rate"),
    (AMPLIFICATION, "Passed on"),
    (CLICK_RATE, "Clicked"),
)
FOLLOWING = (
    (FOLLOWERS, "Followers"),
    (NET, "Net new"),
    (GROWTH, "Growth"),
    (PER_FOLLOWER, "Engagement per follower"),
)


def build(desk: Desk) -> Section:
    """The audience section."""
    desk.section = "audience"
    title = "Audience and engagement"
    ids = [kpi_id for kpi_id, _ in (*POSTS, *FOLLOWING)]
    if not desk.snapshot.has_any(ids, desk.period):
        return Section(
            "audience", title, (), (Missing("Posts and engagement", desk.why_missing(IMPRESSIONS)),)
        )
    blocks: list[Block] = pair(
        desk.single(IMPRESSIONS, "impressions", f"Impressions by {desk.grain}"),
        desk.single(RATE, "engagement-rate", f"Engagement rate by {desk.grain}"),
    )
    blocks.append(_networks(desk))
    for slice_kind, head in (("network", "Network"), ("product", "Product")):
        table = desk.breakdown(
            f"Posts by {slice_kind}",
            slice_kind,
            [kpi_id for kpi_id, _ in POSTS],
            [label for _, label in POSTS],
            head=head,
            sort_by=IMPRESSIONS,
            bar=IMPRESSIONS,
        )
        if table is not None:
            blocks += [Heading(f"Posts by {slice_kind}", f"audience-{slice_kind}"), table]
    blocks += _followers(desk)
    return Section("audience", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    if desk.reading(IMPRESSIONS).value is not None:
        parts += sentence(
            "Posts were seen ", desk.figure(IMPRESSIONS), f" times{moved(desk, IMPRESSIONS)}"
        )
        if desk.reading(CORE).value is not None:
            parts += sentence(" and drew ", desk.figure(CORE), " reactions, comments and shares")
        if desk.reading(RATE).value is not None:
            parts += sentence(", an engagement rate of ", desk.figure(RATE))
        parts += sentence(".")
    if desk.reading(FOLLOWERS).value is not None:
        parts += sentence(" Profiles have ", desk.figure(FOLLOWERS), " followers")
        if desk.reading(NET).value is not None:
            parts += sentence(", ", desk.figure(NET), " more than when the period began")
        parts += sentence("; the same person may follow on several networks.")
    return parts


def _networks(desk: Desk) -> Chart | Missing:
    """The engagement rate of each network over time, all on one scale."""
    title = f"Engagement rate by network and {desk.grain}"
    values = desk.ranked("network", (RATE,), IMPRESSIONS)
    slices = [("network", each) for each in values]
    covered = [
        place
        for place, period in enumerate(desk.trend)
        if any(desk.reading(RATE, period, each).value is not None for each in slices)
    ]
    if len(covered) < 2:
        return desk.no_trend(title)
    periods = desk.trend[covered[0] :]
    names = [desk.name_of(*each) for each in slices]
    lines = [
        charts.Line(name, tuple(each.value for each in desk.series(RATE, periods, slice_)))
        for name, slice_ in zip(names, slices, strict=True)
    ]
    rows = tuple(
        (
            Cell(period.name),
            *(Cell(desk.figure(RATE, period, each, style="table")) for each in slices),
        )
        for period in periods
    )
    columns = (
        Column(desk.grain.capitalize(), is_number=False),
        *(Column(each, kpi_id=RATE) for each in names),
    )
    return desk.chart(
        "audience-networks",
        title,
        f"A panel a network, all on one scale: its engagement rate from {periods[0].name} to "
        f"{periods[-1].name}.",
        Table(title, columns, rows),
        lambda name, width: charts.multiples(
            name, [each.short_name for each in periods], lines, "share", width=width
        ),
        note="Networks count views each in their own way: compare a network with itself.",
    )


def _followers(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    table = desk.breakdown(
        "Followers by network",
        "network",
        [kpi_id for kpi_id, _ in FOLLOWING],
        [label for _, label in FOLLOWING],
        head="Network",
        sort_by=FOLLOWERS,
        bar=FOLLOWERS,
    )
    if table is not None:
        blocks += [Heading("Followers", "audience-followers"), table]
    reach = desk.breakdown(
        "Reach by profile",
        "profile",
        (REACH, DAY_REACH),
        ("In 28 days", "Highest day"),
        head="Profile",
        sort_by=REACH,
    )
    if reach is not None:
        blocks += [Heading("Reach", "audience-reach"), reach]
    return blocks
