"""Links: how many visits come by links whose campaign words are wrong, unknown or missing.

Faults in links and what they cost belong here. The visits themselves are the traffic section's.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import Block, Heading, Remark, Section, Sentence
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.periods import month_of
from orchestration.reviews.sections.common import of_period
from orchestration.reviews.sections.traffic import SESSIONS

FAULTS, LINKS = "kpi_link_faults", "kpi_utm_governance"
KEY_OF_FAULT = ("period_kind", "period_start_on", "fault")
#: Words of links are whatever somebody typed: rows are told by their hash.
KEY_OF_LINK = ("link_fault_key",)
NAMES = {
    "personal_data": "An e-mail address in a word",
    "placeholder": "A variable nobody filled in",
    "no_source": "No source",
    "no_medium": "No medium",
    "repeated_word": "A word twice",
    "spelling": "Upper case or stray spaces",
    "unknown_medium": "A medium of no channel group",
    "unplanned_campaign": "A campaign nobody planned",
    "untagged_post": "No words, in a post of ours",
    "untagged_ad": "No words, in an advertisement",
    "untagged_email": "No words, in an e-mail",
    "untagged_social": "No words, shared by anybody",
}
MOST_LINKS = 8


def build(desk: Desk) -> Section | None:
    """The links section; None where the website is not measured."""
    desk.section = "links"
    if desk.reading(SESSIONS).value is None:
        return None
    rows = desk.rows(FAULTS, of_period(desk), order_by=("-sessions", "fault"))
    title = "Links we can read"
    if not rows:
        remark = Remark(f"Every visit of {desk.period.in_words} came by a link that can be read.")
        return Section("links", title, (), (remark,))
    table = desk.mart_table(
        "Faults in links",
        FAULTS,
        rows,
        KEY_OF_FAULT,
        columns=(
            ("fault_kind", "Kind", "text"),
            ("links", "Links", "count"),
            ("sessions", "Sessions", "count"),
            ("session_share", "Of all traffic", "share"),
            ("social_sessions", "From social", "count"),
            ("conversions", "Conversions", "count"),
            ("revenue", "Revenue", "money"),
        ),
        head=("fault", "Fault"),
        names=[_name(row) for row in rows],
        reasons={"revenue": "no value is known"},
        note="Malformed links must be mended, unknown words be planned or corrected, untagged "
        "links get words. A visit has one fault, its worst.",
    )
    blocks: list[Block] = [table, *_worst(desk)]
    return Section("links", title, _standfirst(desk, rows), tuple(blocks))


def _name(row: dict[str, Any]) -> str:
    return NAMES.get(row["fault"], wording.label(wording.plain(row["fault"])))


def _standfirst(desk: Desk, rows: list[dict[str, Any]]) -> Sentence:
    return sentence(
        "The fault that hides most is ",
        f"“{_name(rows[0])[:1].lower()}{_name(rows[0])[1:]}”: ",
        desk.number(FAULTS, rows[0], "session_share", "share", KEY_OF_FAULT),
        " of all visits came by such a link.",
    )


def _worst(desk: Desk) -> list[Block]:
    """Links with wrong words by which most visits came in the last month of the period."""
    month = month_of(desk.period.ends_on, desk.period.first_month)
    rows = desk.rows(
        LINKS,
        {"month_on": month.starts_on, "fault_kind": ["malformed", "unknown"]},
        order_by=("-sessions", "link_fault_key"),
        limit=MOST_LINKS,
    )
    if not rows:
        return []
    title = f"Links to mend first, {month.in_words}"
    table = desk.mart_table(
        title,
        LINKS,
        rows,
        KEY_OF_LINK,
        columns=(
            ("utm_source", "Source", "verbatim"),
            ("utm_medium", "Medium", "verbatim"),
            ("utm_campaign", "Campaign", "verbatim"),
            ("landing_page", "Page", "verbatim"),
            ("sessions", "Sessions", "count"),
        ),
        head=("fault", "Fault"),
        names=[_name(row) for row in rows],
        note="Words as they stand in the link; those by which most visits came are first.",
    )
    return [Heading(title, "links-worst"), table]
