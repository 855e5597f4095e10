"""By which ways each KPI is reached, so that the scorecard can be held against every one of them.

Which metrics offer which slices, which daily mart adds up to which cell, and which KPIs have a
reason to go neither way belong here. Asking and comparing does not.
"""

from __future__ import annotations

from dataclasses import dataclass

# How a slice of the scorecard is asked for: the names MetricFlow groups by, in order.
NETWORK = {"network": ("network",)}
PROFILE = {"profile": ("profile__profile_name",)}
TEAM = {"team": ("team",)}
AGENT = {"agent": ("agent__agent_name",)}
TOPICS = {
    "product": ("conversation__product",),
    "topic": ("conversation__topic",),
    "product_topic": ("conversation__product", "conversation__topic"),
}


def _own(entity: str, *kinds: str) -> dict[str, tuple[str, ...]]:
    return {kind: (f"{entity}__{kind}",) for kind in kinds}


OF_CONVERSATIONS = _own("conversation", "message_type", "visibility", "priority", "vip")
CARE = NETWORK | PROFILE | TEAM | AGENT | TOPICS
PROMISES = ("sla_policy", "sla_metric")

# What a metric of the semantic layer can be grouped by as the scorecard does. Every one is tried.
OFFERED: dict[str, dict[str, tuple[str, ...]]] = {}


def _offer(kpis: str, slices: dict[str, tuple[str, ...]]) -> None:
    OFFERED.update(dict.fromkeys(kpis.split(), slices))


_offer(
    "K03 K04 K05 K05_p90 K06 K07 K08 K09 K10 K12 K12_median K13 K13_72h K17 K17_frt K19_frt "
    "K19_response_rate K42",
    CARE | _own("turn", "message_type", "visibility", "priority", "vip"),
)
_offer("K03_growth", NETWORK)
_offer(
    "K15 K15_max K15_median K20 K21 K22 K23_closed K24 K24_mean K24_final K24_final_mean K25 K26 "
    "K27 K28 K29 K30 K30_cross_team K31 K32 K33 K33_mean K34 K34_effort K37 K40 K41 K43 K44 K45 "
    "K46_replies K46_handled K46_closed",
    CARE | OF_CONVERSATIONS,
)
_offer(
    "K16 K16_first_reply K16_next_reply K16_resolution",
    CARE | OF_CONVERSATIONS | _own("promise", *PROMISES),
)
_offer("K16_open_breaches", CARE | OF_CONVERSATIONS | _own("overdue_promise", *PROMISES))
_offer("K23", NETWORK | TEAM | AGENT | TOPICS)
_offer(
    "K01 K01_to_us K01_about_us K02 K14 K47 K47_untagged K48 K49_engaged K50 K51 K51_share K58 "
    "K58_unclassified",
    NETWORK
    | PROFILE
    | _own("message", "product", "topic", "message_type", "visibility", "directedness", "vip")
    | {"product_topic": ("message__product", "message__topic")},
)
_offer("K49 K52 K55 K55_fractional K53 K53_posts K68 K69 K70 K70_ambiguous K74", NETWORK)
_offer(
    "K54 K56 K56_authors K57",
    NETWORK | _own("keyword_mention", "brand", "keyword", "hashtag", "campaign"),
)
_offer("K53_clicks K62 K63 K63_native K64 K65 K67 K67_ctr", NETWORK | _own("post_day", "product"))
_offer("K84", NETWORK | _own("post", "publisher"))
_offer("K62_profile K63_profile K64_profile K66", NETWORK | PROFILE)
_offer("K53_sessions K53_conversions", _own("visit", "next_step"))
_offer("K77", {"channel": ("cost_month__contact_channel",)})
_offer("K81", {"cadence": ("review__cadence",)})
ATTRIBUTION_MODELS = (
    "last_touch",
    "last_non_direct",
    "first_touch",
    "linear",
    "position_based",
    "time_decay",
    "markov",
    "shapley",
)
for _model in ATTRIBUTION_MODELS:
    _offer(f"K71_{_model} K71_{_model}_revenue", NETWORK)
_offer(
    "K35 K36 K36_social K36_phone K38 K38_effective K41_sessions K59 K59_unacknowledged K60 "
    "K68_share K72 K72_share K73 K73_revenue K73_social K73_social_revenue K80 K82 K85",
    {},
)

# Not offered, each with the reason: what is no sum, ratio or count over rows of the period.
EXEMPT = {
    "K11": "a change against a baseline frozen in a seed",
    "K18": "distinct hours of the week in a window of 28 days",
    "K18_demand": "distinct hours of the week in a window of 28 days",
    "K22_days": "a state over the pace of the 28 days before it",
    "K34_concurrency": "overlapping stretches, cut at the ends of the period",
    "K39": "topics ranked within the period, their medians against the overall one",
    "K61": "the network's own figure of the last window, never summed",
    "K61_day": "the network's own figure of the best day, never summed",
    "K64_follower": "engagement of the profiles that report followers at the period's end",
    "K65_follower": "shares of the profiles that report followers at the period's end",
    "K66_net": "only profiles that report at both ends of the period",
    "K66_growth": "only profiles that report at both ends of the period",
    "K75": "who is a customer on any day of the quarter; withheld below a match rate",
    "K75_index": "two means over who is a customer on any day of the quarter",
    "K75_match_rate": "who is a customer on any day of the quarter",
    "K76": "the first unhappy conversation of a customer in the quarter",
    "K76_ignored": "the first unhappy conversation of a customer in the quarter",
    "K78": "present value of the version of assumptions in force on the quarter's last day",
    "K78_simple": "benefits and costs of the version of assumptions in force on that day",
    "K79_investment": "the latest assessment speaks for the quarter",
    "K79_innovation": "the latest assessment speaks for the quarter",
    "K83": "a median over posts of one age, chosen within the quarter",
}

# Growth is told by MetricFlow where there is something to grow to: a fall to nothing has no row.
GROWTH = ("K03_growth", "K50")
# A survey of an unknown conversation is `untagged` on the scorecard, and of no topic to MetricFlow.
SURVEYS = ("K43", "K44", "K45")
# A share of voice compares the brands of the whole period, MetricFlow those of each day.
SHARES_OF_VOICE = ("K55", "K55_fractional")
# Counts that may be nought where the scorecard has no row: what they add up has a row for other
# counts too, and the scorecard has a slice only where something was counted. No rate is among them,
# and where the scorecard has a row and no value, nought is wrong for every KPI.
NOUGHT_WITHOUT_ROW = {
    "K01_to_us": "a message that is about us only is a row of the same part",
    "K01_about_us": "a message to us is a row of the same part",
    "K03": "a day and profile of the care mart without a turn that needs a response",
    "K15": "an open case that is answered, or a day without one, is a row of the same part",
    "K21": "a day without an open case is a row of the same part",
    "K16_open_breaches": "a day without an overdue promise is a row of the same part",
    "K20": "a conversation that is no new case is a row of the same part",
    "K46_replies": "a close is a row of the same part",
    "K46_handled": "a close is a row of the same part",
    "K46_closed": "a reply is a row of the same part",
    "K48": "a message without love for the brand is a row of the same part",
    "K54": "a mention of a competitor or campaign is a row of the same part",
    "K56": "a mention by a brand's own account is a row of the same part",
    "K56_authors": "a mention by a brand's own account is a row of the same part",
    "K57": "a mention of no campaign is a row of the same part",
}
# A count over visits that are told before the source of what it looks for begins: until then the
# scorecard has no value, and MetricFlow counts none among the visits.
BEFORE_ITS_SOURCE = ("K53_sessions",)
# Costs are booked by the month.
MONTHLY = ("K77",)


@dataclass(frozen=True)
class Daily:
    """How a daily mart adds up to a cell: sums above and below the line, in SQL."""

    mart: str
    day: str
    above: str
    below: str | None = None
    per: int = 1
    slices: tuple[tuple[str, str], ...] = ()
    where: str = "true"
    is_state: bool = False


def _care(above: str, below: str | None = None, per: int = 1) -> Daily:
    return Daily("kpi_care_daily", "date_on", above, below, per, (("network", "network"),))


def _surveys(above: str, below: str) -> Daily:
    # By network the mart goes by the profile of the conversation, which a survey need not have.
    return Daily("kpi_care_daily", "date_on", above, below)


def _posts(column: str) -> Daily:
    return Daily(
        "kpi_audience_daily", "metric_on", f"post_{column}", slices=(("network", "network"),)
    )


def _profiles(above: str, below: str | None = None) -> Daily:
    slices = (("network", "network"), ("profile", "profile_name"))
    return Daily("kpi_audience_daily", "metric_on", above, below, slices=slices)


def _web(above: str, below: str | None = None) -> Daily:
    slices = () if below else (("network", "nullif(network, 'none')"),)
    return Daily("kpi_web_daily", "date_on", above, below, slices=slices)


def _backlog(column: str) -> Daily:
    slices = (("network", "network"), ("team", "team"))
    return Daily("kpi_backlog_daily", "day_on", column, slices=slices, is_state=True)


DAILY: dict[str, Daily] = {
    "K01": _care("inbound_messages"),
    "K01_to_us": _care("inbound_to_us_messages"),
    "K01_about_us": _care("inbound_about_us_messages"),
    "K02": _care("inbound_about_us_messages", "inbound_messages"),
    "K03": _care("needs_response_turns"),
    "K04": _care("first_reply_s", "first_replies", 3600),
    "K06": _care("first_reply_business_s", "first_replies", 3600),
    "K07": _care("first_replies_within_4h", "first_replies_decided_4h"),
    "K08": _care("first_replies_within_1h", "first_replies_decided_1h"),
    "K09": _care("technical_first_reply_s", "technical_first_replies", 3600),
    "K10": _care("first_reply_s", "first_replies", 3600),
    "K12": _care("reply_s", "replies", 3600),
    "K13": _care("mature_replied_turns", "mature_turns"),
    "K13_72h": _care("mature_72h_replied_turns", "mature_72h_turns"),
    "K14": _care("actioned_messages", "inbound_messages"),
    "K15": _backlog("unanswered_cases"),
    "K17": _care("out_of_hours_first_turns", "first_turns"),
    "K17_frt": _care("out_of_hours_first_reply_s", "out_of_hours_first_replies", 3600),
    "K19_frt": _care("vip_first_reply_s", "vip_first_replies", 3600),
    "K19_response_rate": _care("vip_mature_replied_turns", "vip_mature_turns"),
    "K20": _care("new_cases"),
    "K21": _backlog("open_cases"),
    "K24_mean": _care("first_close_s", "first_closes", 3600),
    "K24_final_mean": _care("final_close_s", "final_closes", 3600),
    "K25": _care("reopened_first_closes", "aged_first_closes"),
    "K26": _care("first_contact_resolutions", "aged_final_closes"),
    "K27": _care("one_touch_cases", "final_closes"),
    "K28": _care("resolved_cases", "handled_cases"),
    "K29": _care("resolved_in_channel_cases", "resolved_cases"),
    "K30": _care("handoffs", "handled_cases"),
    "K30_cross_team": _care("cross_team_cases", "handled_cases"),
    "K31": _care("agents_of_cases", "cases_with_agents"),
    "K32": _care("cross_team_handoffs", "handled_cases"),
    "K33_mean": _care("assign_s", "assigned_cases", 60),
    "K34": _care("handle_s", "handled_by_somebody_cases", 60),
    "K37": _care("bot_resolved_cases", "bot_started_cases"),
    "K40": _care("template_messages", "human_messages"),
    "K41": _care("portal_redirects", "human_messages"),
    "K42": _care("replies_as_policy", "replies_with_policy"),
    "K43": _surveys("csat_satisfied", "csat_answers"),
    "K44": _surveys("mature_answered_surveys", "mature_surveys"),
    "K46_replies": _care("human_messages"),
    "K46_closed": _care("closes_by_people"),
    "K47": _care("service_messages", "inbound_messages"),
    "K47_untagged": _care("untagged_messages", "inbound_messages"),
    "K48": _care("brand_love_messages"),
    "K62": _posts("impressions"),
    "K62_profile": _profiles("profile_impressions"),
    "K63": _posts("engagement_core"),
    "K63_native": _posts("engagements_native"),
    "K63_profile": _profiles("profile_engagement_core"),
    "K64_profile": _profiles(
        "case when profile_impressions is not null then profile_engagement_core end",
        "case when profile_engagement_core is not null then profile_impressions end",
    ),
    "K67": _posts("link_clicks"),
    "K68": _web("social_sessions"),
    "K68_share": _web("social_sessions", "sessions"),
    "K70": _web("post_sessions"),
    "K70_ambiguous": _web("ambiguous_post_sessions"),
} | {
    f"K71_{model}{suffix}": Daily(
        "kpi_attribution_daily",
        "date_on",
        column,
        slices=(("network", "nullif(network, 'none')"),),
        where=f"model = '{model}' and is_social",
    )
    for model in ATTRIBUTION_MODELS
    for suffix, column in (("", "conversions"), ("_revenue", "revenue"))
}

# What the exempt are held against instead: the fact or mart their number is taken from. Each query
# returns period_kind, period_start_on, slice_kind, slice_value and the value.
FROM_FACTS = {
    "K11": """
        select s.period_kind, s.period_start_on, 'overall', 'all', s.value / t.target_value - 1
        from marts.kpi_scorecard as s
        join marts.kpi_targets as t on t.kpi_id = 'K04' and t.kind = 'baseline'
            and t.slice_kind = 'overall' and t.period_kind is null
            and t.valid_from_on <= s.period_start_on
            and (t.valid_to_on is null or s.period_start_on < t.valid_to_on)
        where s.kpi_id = 'K04' and s.slice_kind = 'overall' and s.period_kind = 'quarter'
    """,
    "K22_days": """
        select p.period_kind, p.period_start_on, 'overall', 'all',
            sum(b.open_cases) filter (where b.day_on = p.last_on) * 28.0
            / sum(b.ended_cases) filter (where b.day_on > p.last_on - 28)
        from last_days as p
        join marts.kpi_backlog_daily as b on b.day_on <= p.last_on and b.day_on > p.last_on - 28
        group by all
    """,
    "K61": """
        select p.period_kind, p.period_start_on, 'profile', n.profile_name,
            max_by(r.reach, r.window_end_on)
        from marts.fct_reach as r
        join names as n on n.profile_key = r.profile_key
        join marts.dim_period as p
            on r.window_end_on between p.period_start_on and p.period_end_on
        where r.window_days = 28 and r.kind = 'total'
        group by all
    """,
    "K61_day": """
        select p.period_kind, p.period_start_on, 'profile', n.profile_name, max(r.reach)
        from marts.fct_reach as r
        join names as n on n.profile_key = r.profile_key
        join marts.dim_period as p
            on r.window_end_on between p.period_start_on and p.period_end_on
        where r.window_days = 1 and r.kind = 'total'
        group by all
    """,
    "K66_net": """
        select period_kind, period_start_on, 'overall', 'all', sum(at_end - at_start)
        from follower_ends where at_end is not null and at_start is not null group by all
    """,
    "K66_growth": """
        select period_kind, period_start_on, 'overall', 'all',
            sum(at_end - at_start) / sum(at_start)
        from follower_ends where at_end is not null and at_start is not null group by all
    """,
    "K64_follower": """
        select e.period_kind, e.period_start_on, 'overall', 'all',
            sum(e.engagement_core) / sum(e.at_end)
        from follower_ends as e where e.at_end is not null group by all
    """,
    "K65_follower": """
        select e.period_kind, e.period_start_on, 'overall', 'all', sum(e.shares) / sum(e.at_end)
        from follower_ends as e where e.at_end is not null group by all
    """,
    "K78": """
        select 'quarter', p.period_start_on, 'scenario', r.scenario, r.roi_present_value
        from marts.kpi_roi as r join marts.dim_period as p
            on p.period_kind = 'quarter' and r.valid_from_on <= p.period_end_on
            and (r.valid_to_on is null or r.valid_to_on > p.period_end_on)
    """,
    "K78_simple": """
        select 'quarter', p.period_start_on, 'scenario', r.scenario, r.roi_simple
        from marts.kpi_roi as r join marts.dim_period as p
            on p.period_kind = 'quarter' and r.valid_from_on <= p.period_end_on
            and (r.valid_to_on is null or r.valid_to_on > p.period_end_on)
    """,
    "K79_investment": """
        select 'quarter', p.period_start_on, 'overall', 'all', max_by(m.investment, m.assessment_on)
        from marts.kpi_social_maturity as m join marts.dim_period as p
            on p.period_kind = 'quarter' and m.assessment_on <= p.period_end_on
        group by all
    """,
    "K79_innovation": """
        select 'quarter', p.period_start_on, 'overall', 'all', max_by(m.innovation, m.assessment_on)
        from marts.kpi_social_maturity as m join marts.dim_period as p
            on p.period_kind = 'quarter' and m.assessment_on <= p.period_end_on
        group by all
    """,
}

# Named once for those queries.
HELPERS = """
create or replace temp view names as
select distinct e.profile_key, e.profile_name from marts.kpi_audience_daily as e;

create or replace temp view last_days as
select p.period_kind, p.period_start_on, max(d.date_on) as last_on
from marts.dim_period as p
join marts.dim_date as d on d.date_on between p.period_start_on and p.period_end_on
where d.day_ends_at <= (select as_of_at from marts.publication)
group by all;

create or replace temp view follower_ends as
with ends as (
    select p.period_kind, p.period_start_on, max(d.date_on) as last_on
    from marts.dim_period as p
    join marts.dim_date as d on d.date_on between p.period_start_on and p.period_end_on
    where d.day_starts_at < (select as_of_at from marts.publication)
    group by all
),
earned as (
    select e.period_kind, e.period_start_on, d.profile_key,
        sum(d.post_engagement_core) as engagement_core, sum(d.post_shares) as shares
    from ends as e
    join marts.kpi_audience_daily as d on d.metric_on between e.period_start_on and e.last_on
    group by all
)
select e.period_kind, e.period_start_on, l.profile_key, l.followers as at_end,
    f.followers as at_start, earned.engagement_core, earned.shares
from ends as e
join marts.kpi_follower_days as l on l.date_on = e.last_on
left join marts.kpi_follower_days as f
    on f.profile_key = l.profile_key and f.date_on = e.period_start_on - 1
left join earned on earned.period_kind = e.period_kind
    and earned.period_start_on = e.period_start_on and earned.profile_key = l.profile_key;
"""

# No mart has their number but the scorecard; the simulator's own truth is what they are held to.
ONLY_IN_THE_SCORECARD = (
    "K18",
    "K18_demand",
    "K34_concurrency",
    "K39",
    "K75",
    "K75_index",
    "K75_match_rate",
    "K76",
    "K76_ignored",
    "K83",
)
