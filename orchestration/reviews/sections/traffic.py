"""Traffic: the visits that social networks send to the website, and the posts they come from.

Visits belong here. Who gets the credit for what visitors buy is the attribution section's, links
that hide where visits come from are told by the section on links.
"""

from __future__ import annotations

from orchestration.reviews.blocks import Block, Heading, Missing, Section, Sentence
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import moved, pair

SESSIONS, SHARE, VISITORS = "K68", "K68_share", "K69"
FROM_POSTS, UNCLEAR = "K70", "K70_ambiguous"


def build(desk: Desk) -> Section:
    """The traffic section."""
    desk.section = "traffic"
    title = "Traffic from social"
    if not desk.snapshot.has_any((SESSIONS, VISITORS), desk.period):
        return Section("traffic", title, (), (Missing("Visits", desk.why_missing(SESSIONS)),))
    blocks: list[Block] = pair(
        desk.single(SESSIONS, "sessions", f"Sessions from social by {desk.grain}"),
        desk.single(SHARE, "share", "Share of traffic from social"),
    )
    table = desk.breakdown(
        "Visits by network",
        "network",
        (SESSIONS, SHARE, VISITORS, FROM_POSTS, UNCLEAR),
        ("Sessions", "Share of all traffic", "Visitors", "From a post of ours", "Unclear post"),
        head="Network",
        sort_by=SESSIONS,
        bar=SESSIONS,
    )
    if table is not None:
        blocks += [Heading("Visits by network", "traffic-network"), table]
    blocks.append(desk.comparison("Traffic in numbers", (SESSIONS, SHARE, VISITORS, FROM_POSTS)))
    return Section("traffic", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    if desk.reading(SESSIONS).value is not None:
        parts += sentence(
            "Social networks sent ", desk.figure(SESSIONS), f" sessions{moved(desk, SESSIONS)}"
        )
        if desk.reading(SHARE).value is not None:
            parts += sentence(", ", desk.figure(SHARE), " of all traffic")
        if desk.reading(VISITORS).value is not None:
            parts += sentence(", by ", desk.figure(VISITORS), " different visitors")
        parts += sentence(".")
    if desk.reading(FROM_POSTS).value is not None:
        parts += sentence(" Of these, ", desk.figure(FROM_POSTS), " came from a post of ours.")
    return parts
