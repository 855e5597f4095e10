"""Maturity: where the company stands by its own answers, how it came there, and what to do next.

The assessments up to the end of the period belong here. What the answers are weighed with is the
maturity mart's business.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Callout,
    Chart,
    Heading,
    Missing,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.periods import month_of
from orchestration.reviews.sections.common import moved

INVESTMENT, INNOVATION = "K79_investment", "K79_innovation"
ASSESSMENTS, ANSWERS = "kpi_social_maturity", "fct_maturity_answers"
LONGEST_ADVICE = 400
CORNERS = ("Contender", "#SocialFirst", "Observer", "Conservative")


def build(desk: Desk) -> Section | None:
    """The maturity section; None where nobody has answered the questions."""
    desk.section = "maturity"
    title = "Social maturity"
    found = [
        row
        for row in desk.rows(ASSESSMENTS, order_by=("assessment_on",))
        if row["assessment_on"] <= desk.period.ends_on
    ]
    if not found:
        if not desk.reading(INVESTMENT).is_published:
            return None
        missing = Missing("Assessment", desk.why_missing(INVESTMENT))
        return Section("maturity", title, (), (missing,))
    last = found[-1]
    blocks: list[Block] = []
    points = [row for row in found if None not in (row["investment"], row["innovation"])]
    if points:
        blocks.append(_quadrant(desk, points))
    if last["recommendation"]:
        words = [wording.trimmed(str(last["recommendation"]), LONGEST_ADVICE)]
        if last["weakest_item_hint"]:
            hint = wording.trimmed(str(last["weakest_item_hint"]), LONGEST_ADVICE)
            words.append(f"Most is to be gained here: {hint}")
        blocks.append(Callout("What to do next", sentence(" ".join(words))))
    blocks += [Heading("The answers", "maturity-items"), _items(desk, last)]
    return Section("maturity", title, _standfirst(desk, last), tuple(blocks))


def _standfirst(desk: Desk, last: dict[str, Any]) -> Sentence:
    when = f"By the answers of {wording.day(last['assessment_on'])}"
    if last["quadrant"] is None:
        return sentence(f"{when} an axis has no score yet.")
    parts = sentence(f"{when} the company is a {last['quadrant']}: ")
    if last["quadrant"].startswith("#"):
        parts = sentence(f"{when} the company is {last['quadrant']}: ")
    parts += sentence(
        desk.number(ASSESSMENTS, last, "investment", "points", ("assessment_on",)),
        " of 100 points for what is put in",
        moved(desk, INVESTMENT),
        ", ",
        desk.number(ASSESSMENTS, last, "innovation", "points", ("assessment_on",)),
        " for what is done with it",
        moved(desk, INNOVATION),
        ".",
    )
    return parts


def _quadrant(desk: Desk, rows: list[dict[str, Any]]) -> Chart:
    points = [
        (
            month_of(row["assessment_on"]).short_name,
            float(row["investment"]),
            float(row["innovation"]),
        )
        for row in rows
    ]
    title = "The way so far"
    table = desk.mart_table(
        title,
        ASSESSMENTS,
        rows,
        ("assessment_on",),
        columns=(
            ("quadrant", "Quadrant", "text"),
            ("investment", "Investment", "points"),
            ("innovation", "Innovation", "points"),
            ("investment_evidence", "Investment, measured", "points"),
            ("innovation_evidence", "Innovation, measured", "points"),
        ),
        head=("assessment_on", "Assessed on"),
        reasons={
            "investment_evidence": "nothing is measured",
            "innovation_evidence": "nothing is measured",
        },
    )
    return desk.chart(
        "maturity-quadrant",
        title,
        f"Two scales from 0 to 100, parted at 50: investment and innovation. The trail leads from "
        f"{points[0][0]} to {points[-1][0]}.",
        table,
        lambda name, width: charts.quadrant(
            name,
            points,
            x_title="Investment: what is put in",
            y_title="Innovation: what is done with it",
            corners=CORNERS,
            width=width,
        ),
        note="Points are the company's own answers; what the warehouse measures is in the table.",
    )


def _items(desk: Desk, last: dict[str, Any]) -> Table:
    rows = desk.rows(
        ANSWERS,
        {"assessment_on": last["assessment_on"]},
        order_by=("axis", "score_used", "-weight", "item_id"),
    )
    return desk.mart_table(
        "The answers, weakest first",
        ANSWERS,
        rows,
        ("assessment_on", "item_id"),
        columns=(
            ("axis", "Axis", "text"),
            ("weight", "Weight", "count"),
            ("self_score", "Answered", "count"),
            ("evidence_score", "Measured", "count"),
            ("evidence", "Evidence", "text"),
        ),
        head=("item", "Item"),
        reasons={"self_score": "left open", "evidence_score": "nothing measures it"},
        note="Scores go from 0 to 4. What was left open takes what is measured.",
    )
