"""Channels and campaigns: what each costs, brings and stirs, in one table.

Cost, visits, credit and talk side by side belong here. Which model is right is the attribution
section's question; both tables show two.
"""

from __future__ import annotations

from orchestration.reviews.blocks import Block, Heading, Section, Sentence, Table
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import of_period

CHANNELS, CAMPAIGNS = "kpi_channels", "kpi_campaigns"
KEY_OF_CHANNEL = ("period_kind", "period_start_on", "slice_kind", "slice_value")
KEY_OF_CAMPAIGN = ("period_kind", "period_start_on", "campaign_key")
REASONS = {
    "ad_cost": "no ads",
    "cost": "not booked",
    "roas_linear": "no cost",
    "impressions": "no posts",
    "engagement": "no posts",
    "mentions": "not heard",
}
LAST_TOUCH = ("conversions_last_touch", "Last touch", "count")
LINEAR = (
    ("conversions_linear", "Linear", "count"),
    ("revenue_linear", "Revenue", "money"),
    ("roas_linear", "Per cost", "ratio"),
)
REASONS = {
    "ad_cost": "no ads",
    "cost": "not booked",
    "roas_linear": "no cost",
    "impressions": "no posts",
    "engagement": "no posts",
    "mentions": "not heard",
}
MONEY = (
    ("conversions_last_touch", "Conversions, last touch", "count"),
    ("conversions_linear", "Linear", "count"),
    ("revenue_linear", "Revenue, linear", "money"),
    ("roas_linear", "Revenue per cost", "ratio"),
)


def build(desk: Desk) -> Section | None:
    """The matrix of channels and the campaigns of the period."""
    desk.section = "channels"
    blocks: list[Block] = []
    groups = _channels(
        desk,
        "channel_group",
        "Channel groups",
        (
            ("ad_cost", "Ad cost", "money"),
            ("sessions", "Sessions", "count"),
            LAST_TOUCH,
            *LINEAR,
        ),
        "Channel group",
    )
    networks = _channels(
        desk,
        "network",
        "Networks",
        (
            ("ad_cost", "Ad cost", "money"),
            ("impressions", "Impressions", "count"),
            ("engagement", "Engagement", "count"),
            ("mentions", "Mentions", "count"),
            ("sessions", "Sessions", "count"),
            *LINEAR,
        ),
        "Network",
    )
    if groups is not None:
        blocks += [Heading("Channel groups", "channels-groups"), groups]
    if networks is not None:
        blocks += [Heading("Networks", "channels-networks"), networks]
    blocks += _campaigns(desk)
    if not blocks:
        return None
    return Section("channels", "Channels and campaigns", _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    """The channel that brought most for its cost."""
    rows = desk.rows(
        CHANNELS, {**of_period(desk), "slice_kind": "channel_group"}, order_by=("-roas_linear",)
    )
    paid = [row for row in rows if row["roas_linear"] is not None and (row["ad_cost"] or 0) > 0]
    if not paid:
        return ()
    parts = sentence(
        f"Of what was paid for, {desk.name_of('channel_group', paid[0]['slice_value'])} brought "
        "most for its cost: ",
        desk.number(CHANNELS, paid[0], "roas_linear", "ratio", KEY_OF_CHANNEL),
        " of revenue for each unit spent on advertising",
    )
    if len(paid) > 1:
        parts += sentence(
            f"; {desk.name_of('channel_group', paid[-1]['slice_value'])} brought least, ",
            desk.number(CHANNELS, paid[-1], "roas_linear", "ratio", KEY_OF_CHANNEL),
        )
    return parts + sentence(".")


def _channels(
    desk: Desk,
    slice_kind: str,
    caption: str,
    columns: tuple[tuple[str, str, str], ...],
    head: str,
) -> Table | None:
    rows = desk.rows(
        CHANNELS,
        {**of_period(desk), "slice_kind": slice_kind},
        order_by=("-sessions", "-conversions_linear", "slice_value"),
    )
    if not rows:
        return None
    return desk.mart_table(
        caption,
        CHANNELS,
        rows,
        KEY_OF_CHANNEL,
        columns=columns,
        head=("slice_value", head),
        note="Last touch and linear are conversions by these models; revenue is linear, and so is "
        "revenue per cost. Advertising alone is a cost here.",
        names=[desk.name_of(slice_kind, str(row["slice_value"])) for row in rows],
        reasons=REASONS,
    )


def _campaigns(desk: Desk) -> list[Block]:
    found = desk.rows(CAMPAIGNS, of_period(desk), order_by=("-sessions", "-mentions", "campaign"))
    blocks: list[Block] = []
    own = [row for row in found if row["is_own_brand"]]
    others = [row for row in found if not row["is_own_brand"] and row["mentions"]]
    if own:
        table = desk.mart_table(
            "Our campaigns",
            CAMPAIGNS,
            own,
            KEY_OF_CAMPAIGN,
            columns=(
                ("cost", "Cost", "money"),
                ("sessions", "Sessions", "count"),
                LAST_TOUCH,
                *LINEAR,
                ("mentions", "Mentions", "count"),
            ),
            head=("campaign", "Campaign"),
            note="Visits count for the campaign that their link names, also after it ended.",
            reasons=REASONS,
        )
        blocks += [Heading("Our campaigns", "channels-campaigns"), table]
    if others:
        table = desk.mart_table(
            "Campaigns of other brands",
            CAMPAIGNS,
            others,
            KEY_OF_CAMPAIGN,
            columns=(
                ("starts_on", "From", "text"),
                ("ends_on", "To", "text"),
                ("mentions", "Mentions", "count"),
            ),
            head=("campaign", "Campaign"),
        )
        blocks += [Heading("Campaigns of other brands", "channels-others"), table]
    return blocks
