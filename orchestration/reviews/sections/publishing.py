"""What we publish: which posts worked, which did not, and at which hours posts are answered best.

Posts as they were published belong here. What all posts together earned is the audience section's,
and the visits they sent the traffic section's.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Remark,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import of_period

RANKS, TIMES = "kpi_post_ranks", "kpi_publishing_times"
ERRORS = "K84"
MOST_POSTS = 5
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
AGES = {"28_days": "four weeks and more", "48_hours": "two days"}


def build(desk: Desk) -> Section | None:
    """The section on what we publish; None where nothing is known of posts."""
    desk.section = "publishing"
    posts = desk.rows(RANKS, of_period(desk), order_by=("best_rank",))
    hours = _hours(desk)
    if not posts and not hours:
        return None
    blocks: list[Block] = []
    if posts:
        best = [each for each in posts if each["best_rank"] <= MOST_POSTS]
        worst = [each for each in reversed(posts) if each["worst_rank"] <= MOST_POSTS]
        blocks += [Heading("Posts that worked best", "publishing-best")]
        blocks.append(_posts(desk, "Posts that worked best", best))
        blocks += [Heading("Posts that worked least", "publishing-worst")]
        blocks.append(_posts(desk, "Posts that worked least", worst))
    else:
        blocks.append(Remark(f"No posts of {desk.period.in_words} can be compared yet."))
    if hours:
        blocks += [Heading("Times to publish", "publishing-times"), _times(desk, hours)]
    errors = desk.breakdown(
        "Posts with an error by network",
        "network",
        (ERRORS,),
        ("Posts with an error",),
        head="Network",
        sort_by=ERRORS,
        bar=ERRORS,
    )
    if errors is not None:
        blocks += [Heading("Errors in posts", "publishing-errors"), errors]
    return Section("publishing", "What we publish", _standfirst(desk, posts), tuple(blocks))


def _standfirst(desk: Desk, posts: list[dict[str, Any]]) -> Sentence:
    parts: Sentence = ()
    if posts:
        parts += sentence(
            "The best post of the ",
            desk.period.kind,
            f", on {desk.name_of('network', posts[0]['network'])}, drew ",
            desk.number(RANKS, posts[0], "times_usual", "ratio", KEY_OF_RANK),
            " times the engagement that is usual there.",
        )
    if desk.reading(ERRORS).value is not None:
        parts += sentence(" Readers found an error in ", desk.figure(ERRORS), " of posts.")
    return parts


KEY_OF_RANK = ("period_kind", "period_start_on", "post_key")


def _posts(desk: Desk, caption: str, rows: list[dict[str, Any]]) -> Table:
    return desk.mart_table(
        caption,
        RANKS,
        rows,
        KEY_OF_RANK,
        columns=(
            ("posted_on", "Published", "text"),
            ("post_type", "Form", "text"),
            ("impressions", "Impressions", "count"),
            ("engagement_rate", "Engagement rate", "share"),
            ("times_usual", "Times usual", "ratio"),
            ("sessions", "Sessions", "count"),
        ),
        head=("profile_name", "Profile"),
        note="Among posts that nobody paid for, of three days and a hundred impressions and more, "
        "each held against the median of its network. The address of a post is its permalink in "
        "kpi_post_ranks.",
    )


def _hours(desk: Desk) -> list[dict[str, Any]]:
    """Hours with enough posts, of the age at which most posts can be compared."""
    rows = desk.rows(
        TIMES, {"network": "all", "has_enough_posts": True}, order_by=("local_hour_of_week",)
    )
    ages = {row["age_band"]: 0 for row in rows}
    for row in rows:
        ages[row["age_band"]] += 1
    most = max(sorted(ages), key=lambda age: ages[age], default=None)
    return [row for row in rows if row["age_band"] == most]


def _times(desk: Desk, rows: list[dict[str, Any]]) -> Chart:
    found = {row["local_hour_of_week"]: row for row in rows}
    hours = sorted({each % 24 for each in found})
    names = [f"{hour:02d}:00" for hour in hours]
    grid = [[found.get(24 * day + hour) for hour in hours] for day in range(7)]
    values = [
        [None if each is None else float(each["median_engagement_rate"]) for each in row]
        for row in grid
    ]
    best = min(rows, key=lambda row: row["place"])
    body = tuple(
        (Cell(name), *(_rate(desk, row[place]) for row in grid)) for place, name in enumerate(names)
    )
    columns = (Column("Hour", is_number=False), *(Column(each) for each in WEEKDAYS))
    age = AGES.get(rows[0]["age_band"], wording.plain(rows[0]["age_band"]).lower())
    title = "Median engagement rate by hour of publishing"
    return desk.chart(
        "publishing-times",
        title,
        f"A heat map of weekdays and hours; the best hour is {best['hour_name']}.",
        Table(title, columns, body),
        lambda name, width: charts.heat(
            name, WEEKDAYS, names, values, "share", good="high", width=width
        ),
        note=f"Posts of the last year, each at the age of {age}, in the hour of their profile. "
        "Empty frames are hours with fewer than five posts. The best hour so far is "
        f"{best['hour_name']}: habits of an audience, not a promise.",
    )


def _rate(desk: Desk, row: dict[str, Any] | None) -> Cell:
    if row is None:
        return Cell("too few")
    key = ("network", "age_band", "local_hour_of_week")
    return Cell(desk.number(TIMES, row, "median_engagement_rate", "share", key))
