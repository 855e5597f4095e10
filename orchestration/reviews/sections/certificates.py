"""Certificates: from a post about a finished course to our answer and the next step taken.

The funnel belongs here. Which posts nobody answered is told with the other unanswered ones.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts
from orchestration.reviews.blocks import Block, Chart, Heading, Missing, Section, Sentence, Table
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import moved, of_period, published

ANSWERED, CLICKS, CONVERSIONS = "K53", "K53_clicks", "K53_conversions"
POSTS, SESSIONS = "K53_posts", "K53_sessions"
FUNNEL = "kpi_certificate_funnel"
KEY = ("period_kind", "period_start_on", "step", "slice_kind", "slice_value")
STEPS = {
    "posts": "Posts about a certificate",
    "answers": "Answered by us",
    "clicks": "Clicks on our link",
    "sessions": "Visits to the next step",
    "conversions": "Conversions",
}
NOT_TOLD = "no source tells"


def build(desk: Desk) -> Section | None:
    """The certificates section; None where nobody posts certificates."""
    desk.section = "certificates"
    if not published(desk, (POSTS,)):
        return None
    title = "Course certificates"
    if not desk.reading(POSTS).value:
        reason = desk.why_missing(POSTS) if desk.reading(POSTS).value is None else "no posts"
        return Section("certificates", title, (), (Missing(title, reason),))
    blocks: list[Block] = []
    steps = desk.rows(
        FUNNEL, {**of_period(desk), "slice_kind": "overall"}, order_by=("step_number",)
    )
    if steps:
        blocks.append(_funnel(desk, steps))
    networks = desk.breakdown(
        "Certificate posts by network",
        "network",
        (POSTS, ANSWERED),
        ("Posts", "Answered"),
        head="Network",
        sort_by=POSTS,
        bar=POSTS,
    )
    if networks is not None:
        blocks += [Heading("By network", "certificates-network"), networks]
    next_steps = desk.breakdown(
        "Next steps by link",
        "next_step",
        (SESSIONS, CONVERSIONS),
        ("Visits", "Conversions"),
        head="Next step offered",
        sort_by=SESSIONS,
        bar=SESSIONS,
    )
    if next_steps is not None:
        blocks += [Heading("By next step", "certificates-steps"), next_steps]
    return Section("certificates", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    parts = sentence(
        "People showed ", desk.figure(POSTS), f" course certificates{moved(desk, POSTS)}"
    )
    if desk.reading(ANSWERED).value is not None:
        parts += sentence("; we answered ", desk.figure(ANSWERED), " of them")
    return parts + sentence(".")


def _funnel(desk: Desk, steps: list[dict[str, Any]]) -> Chart:
    names = [STEPS.get(row["step"], desk.name_of("step", row["step"])) for row in steps]
    line = charts.Line(
        "Cases", tuple(None if row["cases"] is None else float(row["cases"]) for row in steps)
    )
    title = "From the certificate to the next step"
    table: Table = desk.mart_table(
        title,
        FUNNEL,
        steps,
        KEY,
        columns=(("cases", "Cases", "count"),),
        head=("step", "Step"),
        names=names,
        reasons={"cases": NOT_TOLD},
    )
    return desk.chart(
        "certificates-funnel",
        title,
        "A bar a step, from the post to the conversion.",
        table,
        lambda name, width: charts.bars(name, names, [line], "count", width=width),
        note="A link in an answer is opened by others as well, so there may be more visits than "
        "answers. A click is no visit: networks count the first, the website the second.",
    )
