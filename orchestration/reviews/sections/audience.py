"""Audience and engagement: who follows and sees us, and what posts stir.

Post and profile metrics belong here. Single posts are the section's on what we publish; traffic
that posts send to the website is the traffic section's.
"""

from __future__ import annotations

from orchestration.reviews.blocks import Block, Chart, Heading, Missing, Section, Sentence
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
    return desk.panels(
        RATE,
        [("network", each) for each in desk.ranked("network", (RATE,), IMPRESSIONS)],
        "audience-networks",
        f"Engagement rate by network and {desk.grain}",
        "its engagement rate",
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
