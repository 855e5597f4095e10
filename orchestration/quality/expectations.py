"""What the KPI marts must look like before anybody sees them: one row an expectation.

Columns, rules, bounds, severities and reasons belong here. How a rule is run does not, nor a rule
that a dbt test can state about a single row of one model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warn"]


@dataclass(frozen=True)
class Expectation:
    """One rule about one frame.

    Attributes:
        name: what holds, as a sentence; unique.
        table: the mart whose check this is part of.
        suite: the check: volume, ranges, completeness or drift.
        frame: see `frames.FRAMES`.
        rule: a Great Expectations class.
        arguments: its arguments.
        severity: an `error` stops publishing, a `warn` is shown.
        why: what a break means and where to look.
        where: restricts the frame's rows.
    """

    name: str
    table: str
    suite: str
    frame: str
    rule: str
    arguments: Mapping[str, Any]
    severity: Severity
    why: str
    where: str = "true"


@dataclass(frozen=True)
class _About:
    """A table, a suite and a frame that several expectations share."""

    table: str
    suite: str
    frame: str
    where: str = field(default="true")

    def between(
        self,
        name: str,
        column: str,
        lowest: float | None,
        highest: float | None,
        *,
        severity: Severity = "error",
        why: str,
        where: str | None = None,
    ) -> Expectation:
        bounds = {"column": column, "min_value": lowest, "max_value": highest}
        return self.rule(
            name, "ExpectColumnValuesToBeBetween", bounds, severity=severity, why=why, where=where
        )

    def not_negative(self, column: str, *, why: str) -> Expectation:
        return self.between(f"{self.frame}: {column} is not negative", column, 0, None, why=why)

    def part(self, part: str, whole: str) -> Expectation:
        return self.rule(
            f"{self.frame}: {part} is part of {whole}",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": whole,
                "column_B": part,
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            why="A share of the two would exceed one.",
        )

    def in_set(self, name: str, column: str, values: list[Any], *, why: str) -> Expectation:
        arguments = {"column": column, "value_set": values}
        return self.rule(name, "ExpectColumnValuesToBeInSet", arguments, why=why)

    def rule(
        self,
        name: str,
        rule: str,
        arguments: Mapping[str, Any],
        *,
        severity: Severity = "error",
        why: str,
        where: str | None = None,
    ) -> Expectation:
        return Expectation(
            name,
            self.table,
            self.suite,
            self.frame,
            rule,
            arguments,
            severity,
            why,
            where or self.where,
        )


_RANGES = _About("kpi_scorecard", "ranges", "scorecard")
_CARE = _About("kpi_care_daily", "ranges", "care_daily")
_GRID = _About("kpi_scorecard", "completeness", "scorecard_series")
_AGENTS = _About("kpi_agents", "ranges", "agents")
_TOPICS = _About("kpi_topics", "ranges", "topics")
_BACKLOG = _About("kpi_backlog_daily", "ranges", "backlog_days")
_COVERAGE = _About("kpi_coverage", "ranges", "coverage_hours")
_WORK_LIST = _About("kpi_unanswered", "ranges", "work_list")
_AUDIENCE = _About("kpi_audience_daily", "ranges", "audience_daily")
_VOICE = _About("kpi_share_of_voice", "ranges", "share_of_voice")
_CREDITS = _About("kpi_attribution_daily", "ranges", "attribution_daily")
_CREDIT_DAYS = _About("kpi_attribution_daily", "completeness", "attribution_days")
_POSTS = _About("kpi_posts", "ranges", "posts")
_CAMPAIGNS = _About("kpi_campaigns", "ranges", "campaigns")
_CAMPAIGN_CREDITS = _About("kpi_campaigns", "ranges", "campaign_credits")
_CHANNELS = _About("kpi_channels", "ranges", "channels")
_CHANNEL_CREDITS = _About("kpi_channels", "ranges", "channel_credits")
_CHANNEL_PERIODS = _About("kpi_channels", "completeness", "channel_periods")
_LINK_FAULTS = _About("kpi_utm_governance", "ranges", "link_faults")
_MATURITY = _About("kpi_social_maturity", "ranges", "maturity")
_ROI = _About("kpi_roi", "ranges", "roi")
_COHORTS = _About("kpi_cohorts", "ranges", "cohorts")
_CRISES = _About("kpi_crisis_episodes", "ranges", "crises")

# Credits are parts of conversions, rounded where they were summed.
_ROUNDING = 1e-6

# Changes of lifetime metrics may be negative, so sums and rates over them have no such bounds.
_NO_CHANGES = "family not in ('posts', 'posts_aged', 'profile_days')"
_SHARES = f"unit = 'share' and {_NO_CHANGES}"
# Balances of more and less, which may come out below zero.
_BALANCES = "('K58', 'K64_follower', 'K65_follower', 'K66_net', 'K73_social', 'K78', 'K78_simple')"
_AMOUNTS = (
    f"unit in ('count', 'minutes', 'hours', 'days', 'ratio') and {_NO_CHANGES} "
    f"and kpi_id not in {_BALANCES}"
)

EXPECTATIONS: tuple[Expectation, ...] = (
    # ranges of the scorecard
    _RANGES.in_set(
        "period kinds are known",
        "period_kind",
        ["week", "month", "quarter"],
        why="Readers filter by these words.",
    ),
    _RANGES.in_set(
        "statuses are known",
        "status",
        ["green", "amber", "red", "grey"],
        why="Pages colour by these words.",
    ),
    _RANGES.in_set(
        "reasons are known",
        "null_reason",
        ["no_source", "no_cases", "too_few", "too_young", "no_previous", "not_additive"],
        why="Pages explain a missing value with these words.",
    ),
    _RANGES.in_set(
        "every cell has a value or a reason, never both",
        "has_either_value_or_reason",
        [True],
        why="A missing value without a reason would be printed as a blank, or as zero.",
    ),
    _RANGES.rule(
        "every KPI is defined",
        "ExpectColumnValuesToNotBeNull",
        {"column": "unit"},
        why="A KPI without a row in kpi_definitions has no meaning a reader could look up.",
    ),
    _RANGES.between(
        "shares lie between 0 and 1",
        "value",
        0,
        1,
        where=_SHARES,
        why="The numerator is not a part of the denominator.",
    ),
    _RANGES.rule(
        "parts are not larger than the whole",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": "denominator",
            "column_B": "numerator",
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        where=_SHARES,
        why="The numerator is not a part of the denominator.",
    ),
    _RANGES.between(
        "counts and waits are not negative",
        "value",
        0,
        None,
        where=_AMOUNTS,
        why="An interval ran backwards or a count was subtracted.",
    ),
    _RANGES.between(
        "counts of cases are not negative",
        "n",
        0,
        None,
        why="n says how many rows a value rests on.",
    ),
    _RANGES.between(
        "average waits are under a year",
        "value",
        None,
        8760,
        severity="warn",
        where="unit = 'hours' and family <> 'backlog'",
        why="Either nobody answers or a clock is wrong: look at the zone of the source.",
    ),
    _RANGES.between(
        "net promoter scores lie between -100 and 100",
        "value",
        -100,
        100,
        where="unit = 'points' and family = 'nps'",
        why="More promoters or detractors than respondents.",
    ),
    _RANGES.between(
        "maturity lies between 0 and 100",
        "value",
        0,
        100,
        where="unit = 'points' and family = 'maturity'",
        why="A score of the assessment is not between 0 and 4.",
    ),
    _RANGES.between(
        "net sentiment lies between -1 and 1",
        "value",
        -1,
        1,
        where="kpi_id = 'K58'",
        why="A message has two sentiments.",
    ),
    _RANGES.between(
        "nothing returns less than all that was spent",
        "value",
        -1,
        None,
        where="kpi_id in ('K78', 'K78_simple')",
        why="A benefit is negative: a cost was entered as one.",
    ),
    *(
        _RANGES.rule(
            f"values lie {side} the {bound} bound of their interval",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": larger,
                "column_B": smaller,
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            why="The interval was computed from other rows than the value.",
        )
        for side, bound, larger, smaller in (
            ("above", "lower", "value", "value_low"),
            ("below", "upper", "value_high", "value"),
        )
    ),
    _RANGES.between(
        "changes are not below minus one",
        "value",
        -1,
        None,
        where="unit = 'change'",
        why="Nothing can fall by more than all of it: the period before was negative.",
    ),
    _RANGES.between(
        "engagement rates lie between 0 and 1",
        "value",
        0,
        1,
        severity="warn",
        where="unit = 'share' and family = 'posts' and slice_kind = 'overall'",
        why="More engagements than impressions: often an export without its impressions.",
    ),
    _RANGES.in_set(
        "no period lies after the as-of",
        "has_begun",
        [True],
        why="A message from the future got past extraction.",
    ),
    _RANGES.rule(
        "all numbers have one as-of",
        "ExpectColumnUniqueValueCountToBeBetween",
        {"column": "as_of_at", "min_value": 0, "max_value": 1},
        why="Models of different runs were mixed: build all of them.",
    ),
    # ranges of the daily care mart
    *(
        _CARE.between(
            f"daily {column} is not negative",
            column,
            0,
            None,
            why="An additive part below zero makes every sum over it wrong.",
        )
        for column in (
            "inbound_messages",
            "needs_response_turns",
            "first_replies",
            "first_reply_s",
            "first_reply_business_s",
            "replies",
            "reply_s",
            "assign_s",
            "handle_s",
            "human_messages",
            "new_cases",
            "reopened_cases",
            "ended_cases",
            "open_cases",
            "unanswered_cases",
        )
    ),
    *(
        _CARE.rule(
            f"daily {part} is part of {whole}",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": whole,
                "column_B": part,
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            why="A rate computed from the two would exceed one.",
        )
        for part, whole in (
            ("inbound_to_us_messages", "inbound_messages"),
            ("brand_love_messages", "inbound_messages"),
            ("first_reply_business_s", "first_reply_s"),
            ("first_replies_within_4h", "first_replies_decided_4h"),
            ("first_replies_within_1h", "first_replies_decided_1h"),
            ("mature_replied_turns", "mature_turns"),
            ("mature_72h_replied_turns", "mature_72h_turns"),
            ("vip_mature_replied_turns", "vip_mature_turns"),
            ("actioned_messages", "inbound_messages"),
            ("service_messages", "inbound_messages"),
            ("untagged_messages", "inbound_messages"),
            ("out_of_hours_first_turns", "first_turns"),
            ("replies_as_policy", "replies_with_policy"),
            ("resolved_cases", "handled_cases"),
            ("resolved_in_channel_cases", "resolved_cases"),
            ("cross_team_handoffs", "handoffs"),
            ("reopened_first_closes", "aged_first_closes"),
            ("one_touch_cases", "final_closes"),
            ("first_contact_resolutions", "aged_final_closes"),
            ("bot_resolved_cases", "bot_started_cases"),
            ("template_messages", "human_messages"),
            ("portal_redirects", "human_messages"),
            ("csat_satisfied", "csat_answers"),
            ("mature_answered_surveys", "mature_surveys"),
            ("unanswered_cases", "open_cases"),
        )
    ),
    # the marts beside the scorecard
    *(
        _AGENTS.between(
            f"agents' {column} lies between {lowest} and {highest or 'any number'}",
            column,
            lowest,
            highest,
            why="A card shows a cell of the scorecard that cannot be.",
        )
        for column, lowest, highest in (
            ("replies", 0, None),
            ("first_reply_mean_h", 0, None),
            ("first_replies_within_4h", 0, 1),
            ("csat", 0, 1),
            ("speed_rank", 1, None),
        )
    ),
    _AGENTS.between(
        "agents have at most a hundred conversations in hand",
        "concurrency",
        1,
        100,
        severity="warn",
        why="Assignments of people who left are never ended: look at the agent's open cases.",
    ),
    *(
        _TOPICS.between(
            f"topics' {column} lies between {lowest} and {highest or 'any number'}",
            column,
            lowest,
            highest,
            why="The ranking shows a cell of the scorecard that cannot be.",
        )
        for column, lowest, highest in (
            ("conversations", 0, None),
            ("first_reply_mean_h", 0, None),
            ("within_4h_share", 0, 1),
            ("volume_rank", 1, None),
        )
    ),
    _BACKLOG.between(
        "a network's backlog is what came less what went",
        "surplus_cases",
        0,
        0,
        why="A conversation entered or left the backlog without being counted.",
    ),
    _COVERAGE.between(
        "hours of the week lie between 0 and 167",
        "hour_of_week",
        0,
        167,
        why="An instant was put into an hour that no week has.",
    ),
    _COVERAGE.rule(
        "turns answered within the hour are part of the demand",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "demand_turns", "column_B": "answered_within_1h", "or_equal": True},
        why="A rate computed from the two would exceed one.",
    ),
    _WORK_LIST.between(
        "nobody on the work list waits for less than nothing",
        "wait_s",
        0,
        None,
        why="A clock starts after the as-of: a message from the future.",
    ),
    _WORK_LIST.rule(
        "the work list has each urgency once",
        "ExpectColumnValuesToBeUnique",
        {"column": "urgency_rank"},
        why="Two conversations share a place, so the order of the list is chance.",
    ),
    # posts, profiles and mentions
    *(
        _AUDIENCE.not_negative(column, why="A network's own count was read with the wrong sign.")
        for column in ("followers", "profile_posts_published", "day_reach")
    ),
    _AUDIENCE.between(
        "followers do not halve or double in a day",
        "changed_share",
        None,
        0.5,
        severity="warn",
        where="followers_at_most >= 1000",
        why="Two profiles share a key, or a thousands separator was read as a decimal point.",
    ),
    *(
        _VOICE.not_negative(column, why="A count of mentions was subtracted.")
        for column in ("mentions", "fractional_mentions", "positive_mentions", "negative_mentions")
    ),
    *(
        _VOICE.part(part, whole)
        for part, whole in (
            ("fractional_mentions", "mentions"),
            ("mentions", "distinct_mentions"),
            ("distinct_mentions", "brand_mentions"),
            ("unique_authors", "mentions"),
            ("classified_mentions", "mentions"),
        )
    ),
    *(
        _VOICE.between(
            f"{kind} shares of voice of a period add up to one",
            column,
            1 - 1e-9,
            1 + 1e-9,
            why="A mention was lost or counted twice, or brands of two sets are compared.",
        )
        for kind, column in (
            ("simple", "all_shares_any"),
            ("fractional", "all_shares_fractional"),
        )
    ),
    _VOICE.between(
        "net sentiment of a brand lies between -1 and 1",
        "net_sentiment",
        -1,
        1,
        why="A mention has two sentiments.",
    ),
    *(
        _POSTS.not_negative(column, why="Something was counted backwards.")
        for column in (
            "error_comments",
            "sessions",
            "conversions_last_touch",
            "conversions_linear",
            "revenue_last_touch",
            "revenue_linear",
        )
    ),
    _POSTS.part("visitors", "sessions"),
    _POSTS.between(
        "posts are published in an hour of the week",
        "local_hour_of_week",
        0,
        167,
        why="An instant was put into an hour that no week has.",
    ),
    _POSTS.between(
        "posts' impressions are not negative",
        "impressions",
        0,
        None,
        severity="warn",
        why="A network took back more than it had reported.",
    ),
    *(
        _POSTS.between(
            f"posts' {column} lies between 0 and 1",
            column,
            0,
            1,
            severity="warn",
            where="impressions >= 100",
            why="More engagements than impressions: often an export without its impressions.",
        )
        for column in ("engagement_rate", "engagement_rate_at_age")
    ),
    *(
        _CRISES.part(part, whole)
        for part, whole in (
            ("negative_messages", "classified_messages"),
            ("classified_messages", "messages"),
            ("peak_messages", "messages"),
            ("usual_messages", "messages"),
        )
    ),
    *(
        _CRISES.not_negative(column, why="A clock ran backwards.")
        for column in ("acknowledge_s", "first_wait_s")
    ),
    _CRISES.in_set(
        "a crisis peaks between its beginning and its end",
        "peaks_within",
        [True],
        why="Hours of two episodes were put together.",
    ),
    # web and money
    *(
        _CREDITS.not_negative(column, why="A touch gives credit back to nobody.")
        for column in ("conversions", "revenue")
    ),
    *(
        _CREDIT_DAYS.between(
            f"all models credit the same {what} of a day",
            f"missing_{what}",
            None,
            _ROUNDING,
            why="A model loses credit, or another gives it twice.",
        )
        for what in ("conversions", "revenue")
    ),
    _CREDIT_DAYS.between(
        "credits of a day add up to whole conversions",
        "part_of_a_conversion",
        None,
        _ROUNDING,
        why="A touch is missing from a journey after its credit was worked out.",
    ),
    *(
        about.not_negative(column, why="A cost was booked as income, or a count was subtracted.")
        for about, columns in (
            (_CAMPAIGNS, ("ad_cost", "other_cost", "sessions", "posts", "mentions")),
            (_CHANNELS, ("ad_cost", "sessions", "unconverted_costs", "mentions")),
        )
        for column in columns
    ),
    *(
        about.part(part, whole)
        for about, part, whole in (
            (_CAMPAIGNS, "engaged_sessions", "sessions"),
            (_CAMPAIGNS, "ad_cost", "cost"),
            (_CHANNELS, "engaged_sessions", "sessions"),
            (_CHANNELS, "positive_mentions", "mentions"),
        )
    ),
    *(
        about.not_negative(column, why="Nothing earns less than nothing: refunds end at the price.")
        for about in (_CAMPAIGN_CREDITS, _CHANNEL_CREDITS)
        for column in ("conversions", "revenue", "roas")
    ),
    *(
        about.between(
            f"advertising of {things} returns less than a hundred times its cost",
            "roas",
            None,
            100,
            severity="warn",
            why="Costs are missing or in another currency: look at ad_spend and exchange_rates.",
        )
        for about, things in ((_CAMPAIGN_CREDITS, "campaigns"), (_CHANNEL_CREDITS, "channels"))
    ),
    *(
        _CHANNEL_PERIODS.between(
            f"all models credit the same {what} to the channels of a period",
            f"missing_{what}",
            None,
            _ROUNDING,
            why="A channel group is missing, or one stands there twice.",
        )
        for what in ("conversions", "revenue")
    ),
    _LINK_FAULTS.between(
        "a fault of links has sessions",
        "sessions",
        1,
        None,
        why="A fault that nobody came by costs nothing and is no row.",
    ),
    *(
        _LINK_FAULTS.not_negative(column, why="A count of conversions was subtracted.")
        for column in ("conversions", "revenue")
    ),
    _LINK_FAULTS.in_set(
        "a fault of links is seen in its month",
        "is_of_its_month",
        [True],
        why="Days were grouped under the month of another zone.",
    ),
    *(
        _MATURITY.between(
            f"assessed {column} lies between 0 and 100",
            column,
            0,
            100,
            why="A score of the assessment is not between 0 and 4, or weights do not cancel.",
        )
        for column in (
            "investment",
            "innovation",
            "investment_self",
            "innovation_self",
            "investment_evidence",
            "innovation_evidence",
        )
    ),
    *(
        _MATURITY.between(
            f"{column} lies between -100 and 100",
            column,
            -100,
            100,
            why="It is a difference of two scores of 100.",
        )
        for column in ("investment_overrated", "innovation_overrated")
    ),
    *(_MATURITY.part(part, "items") for part in ("items_answered", "items_backed")),
    _ROI.between(
        "the discount rate lies between 0 and 1",
        "discount_rate",
        0,
        1,
        why="10 % is written 0.1.",
    ),
    *(
        _ROI.not_negative(column, why="Signs are told by the word cost or benefit.")
        for column in ("benefits", "costs", "measured_costs")
    ),
    *(
        _ROI.part(part, whole)
        for part, whole in (("present_benefits", "benefits"), ("present_costs", "costs"))
    ),
    *(
        _ROI.between(
            f"no scenario's {column} is a loss of more than all costs",
            column,
            -1,
            None,
            why="A benefit is negative: a cost was entered as one.",
        )
        for column in ("roi_present_value", "roi_simple")
    ),
    _COHORTS.part("converted_visitors", "visitors"),
    _COHORTS.part("newly_converted_visitors", "conversions"),
    *(
        _COHORTS.not_negative(column, why="Who has converted cannot undo it as the cohort ages.")
        for column in ("newly_converted_visitors", "conversions", "revenue")
    ),
    _COHORTS.between(
        "nobody joins a cohort later",
        "joined_visitors",
        0,
        0,
        why="A visitor has two first visits.",
    ),
    # completeness of the grid
    _GRID.between(
        "every series has every period",
        "missing_periods",
        0,
        0,
        why="A period without a row looks like a period that never was; n/a needs a row too.",
    ),
    Expectation(
        name="every cell is there once",
        table="kpi_scorecard",
        suite="completeness",
        frame="scorecard",
        rule="ExpectCompoundColumnsToBeUnique",
        arguments={
            "column_list": [
                "period_kind",
                "period_start_on",
                "kpi_id",
                "slice_kind",
                "slice_value",
            ]
        },
        severity="error",
        why="A cell that is there twice is counted twice by whoever sums it.",
    ),
    Expectation(
        name="the scorecard reaches the as-of",
        table="kpi_scorecard",
        suite="completeness",
        frame="scorecard_periods",
        rule="ExpectColumnValuesToBeBetween",
        arguments={"column": "days_without_a_period", "min_value": None, "max_value": 1},
        severity="error",
        why="The running period is missing; was dim_date built for another as-of?",
    ),
    Expectation(
        name="the scorecard has rows",
        table="kpi_scorecard",
        suite="completeness",
        frame="scorecard",
        rule="ExpectTableRowCountToBeBetween",
        arguments={"min_value": 1},
        severity="warn",
        why="No file of the landing zone gave a KPI: look at the folder and at the quarantine.",
    ),
    # volumes against history
    Expectation(
        name="no table lost half of its rows",
        table="kpi_scorecard",
        suite="volume",
        frame="rows_against_publication",
        rule="ExpectColumnValuesToBeBetween",
        arguments={"column": "kept", "min_value": 0.5},
        severity="error",
        why="Files or parts of the lake are missing since the last publication.",
    ),
    Expectation(
        name="the last week has a usual volume",
        table="kpi_scorecard",
        suite="volume",
        frame="weekly_volumes",
        rule="ExpectColumnValuesToBeBetween",
        arguments={"column": "of_usual", "min_value": 0.2, "max_value": 5.0},
        severity="warn",
        why="A fifth or five times the usual: an export is missing or doubled, or it is a crisis.",
    ),
    # drift
    Expectation(
        name="rates stay near their history",
        table="kpi_scorecard",
        suite="drift",
        frame="monthly_rates",
        rule="ExpectColumnValuesToBeBetween",
        arguments={"column": "moved", "min_value": -0.3, "max_value": 0.3},
        severity="warn",
        why="A rate moved by more than 30 points: a tag, a calendar or an export has changed.",
    ),
    Expectation(
        name="the mix of networks stays near its history",
        table="kpi_scorecard",
        suite="drift",
        frame="network_mix",
        rule="ExpectColumnValuesToBeBetween",
        arguments={"column": "moved", "min_value": -0.25, "max_value": 0.25},
        severity="warn",
        why="A network gained or lost a quarter of all messages: is one inbox export missing?",
    ),
    Expectation(
        name="published values are not restated much",
        table="kpi_scorecard",
        suite="drift",
        frame="restated_cells",
        rule="ExpectColumnValuesToBeBetween",
        arguments={"column": "restated", "max_value": 0.1},
        severity="warn",
        why="A final value changed by more than a tenth since it was published.",
    ),
)
