"""People: how the work was shared among teams and agents, and how each of them fared.

Teams and agents belong here. Nobody is judged by a handful of cases: an agent with few first
replies is counted and not shown alone.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import Block, Heading, Missing, Remark, Section, Sentence
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import of_period, published

AGENTS = "kpi_agents"
KEY = ("period_kind", "period_start_on", "agent_name")
CASES = "K20"
TEAM = (
    ("K46_replies", "Replies"),
    (CASES, "New cases"),
    ("K04", "First reply, mean"),
    ("K13", "Response rate"),
    ("K16", "Promises kept"),
    ("K24", "First close, median"),
    ("K26", "First contact resolution"),
    ("K43", "Satisfied"),
)
SHARED = (
    "K23",
    "K23_closed",
    "K30",
    "K30_cross_team",
    "K31",
    "K33",
    "K34",
    "K34_effort",
    "K34_concurrency",
    "K40",
    "K80",
)
AGENT = (
    ("current_team", "Team", "text"),
    ("replies", "Replies", "count"),
    ("conversations_closed", "Closes", "count"),
    ("first_replies", "First replies", "count"),
    ("first_reply_mean_h", "Mean wait", "hours"),
    ("first_replies_within_4h", "Within 4\u00a0h", "share"),
    ("first_contact_resolution", "First contact resolution", "share"),
    ("csat", "Satisfied", "share"),
    ("speed_rank", "Rank by speed", "count"),
)
UNRATED = " Nobody has the ten answers that satisfaction is shown from."
#: First replies from which an agent is shown alone; a rank needs more, see the mart.
ENOUGH = 10
#: How a mart calls what nobody is named for.
NOBODY = "unassigned"


def build(desk: Desk) -> Section | None:
    """Teams, agents, and how work was shared and handed over."""
    desk.section = "people"
    rows = [
        row
        for row in desk.rows(AGENTS, of_period(desk), order_by=("-replies", "agent_name"))
        if row["agent_name"] != NOBODY and row["replies"] + row["conversations_closed"] > 0
    ]
    known = [each for each in TEAM if _has_any(desk, each[0])]
    teams = desk.breakdown(
        "Work and results by team",
        "team",
        [kpi_id for kpi_id, _ in known],
        [label for _, label in known],
        head="Team",
        sort_by="K46_replies",
        bar="K46_replies",
    )
    measures = published(desk, SHARED)
    if not rows and teams is None and not measures:
        return None
    blocks: list[Block] = [
        Heading("By team", "people-team"),
        teams or Missing("Work by team", "no case in the period"),
    ]
    if measures:
        blocks += [
            Heading("How work was shared", "people-shared"),
            desk.comparison("How work was shared", measures),
        ]
    blocks += _agents(desk, rows)
    return Section("people", "Teams and agents", _standfirst(desk, rows), tuple(blocks))


def _has_any(desk: Desk, kpi_id: str) -> bool:
    """Whether any team has a number; a column of nothing but n/a says less than its absence."""
    values = desk.snapshot.slice_values((kpi_id,), desk.period, "team")
    return any(desk.reading(kpi_id, slice_=("team", each)).value is not None for each in values)


def _standfirst(desk: Desk, rows: list[dict[str, Any]]) -> Sentence:
    if not rows or desk.reading("K46_replies").value is None:
        return sentence(f"How the work of {desk.period.in_words} was shared.")
    return sentence(
        f"{wording.small(len(rows)).capitalize()} people wrote ",
        desk.figure("K46_replies"),
        f" replies in {desk.period.in_words}.",
    )


def _agents(desk: Desk, rows: list[dict[str, Any]]) -> list[Block]:
    heading = Heading("By agent", "people-agents")
    shown = [row for row in rows if row["first_replies"] >= ENOUGH]
    if not shown:
        return [heading, Remark(f"No agent has {wording.small(ENOUGH)} first replies to be shown.")]
    # A column in which nobody has a number is left out, and said.
    columns = [
        each
        for each in AGENT
        if each[2] == "text" or any(row[each[0]] is not None for row in shown)
    ]
    few = len(rows) - len(shown)
    hidden = (
        f" {wording.small(few).capitalize()} with fewer first replies than "
        f"{wording.small(ENOUGH)} {'is' if few == 1 else 'are'} not shown alone."
        if few
        else ""
    )
    has_ranks = any(row["speed_rank"] is not None for row in shown)
    ranks = (
        "The rank is by the mean first reply, of agents with thirty of them."
        if has_ranks
        else "Nobody has the thirty first replies that a rank needs."
    )
    answers = "" if any(row["csat"] is not None for row in shown) else UNRATED
    table = desk.mart_table(
        "Work and results by agent",
        AGENTS,
        shown,
        KEY,
        columns=columns,
        head=("agent_name", "Agent"),
        reasons={
            "csat": "too_few",
            "speed_rank": "too_few",
            "first_contact_resolution": "no_cases",
        },
        note=f"Most replies first. {ranks}{answers}{hidden}",
    )
    return [heading, table]
