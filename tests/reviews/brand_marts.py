"""What the sections on brand, web and money read: a quarter of it, with names given by the test.

Rows only. What the sections make of them is asserted in `test_brand_sections.py`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.reviews import marts
from tests.reviews.published import AS_OF

STARTS_ON, ENDS_ON = date(2026, 1, 1), date(2026, 3, 31)
QUARTER = {"period_kind": "quarter", "period_start_on": STARTS_ON}
MONTH = {"period_kind": "month", "period_start_on": date(2026, 3, 1)}
BEFORE, YEAR_AGO = date(2025, 10, 1), date(2025, 1, 1)
MODELS = (
    "last_touch",
    "last_non_direct",
    "first_touch",
    "linear",
    "position_based",
    "time_decay",
    "markov",
    "shapley",
)

#: KPI → overall value of the quarter; the month and the periods before have a tenth less each.
OVERALL: dict[str, float] = {
    "K11": -0.66,
    "K49": 0.014,
    "K49_engaged": 0.36,
    "K51": 172.0,
    "K51_share": 0.64,
    "K52": 0.026,
    "K53": 0.77,
    "K53_posts": 65.0,
    "K53_sessions": 107.0,
    "K53_conversions": 3.0,
    "K54": 518.0,
    "K55": 0.404,
    "K55_fractional": 0.418,
    "K56": 424.0,
    "K56_authors": 372.0,
    "K57": 308.0,
    "K58": -0.086,
    "K58_unclassified": 0.16,
    "K59": 1.0,
    "K59_unacknowledged": 0.0,
    "K60": 0.8,
    "K66": 150244.0,
    "K66_net": 11278.0,
    "K66_growth": 0.081,
    "K70": 867.0,
    "K70_ambiguous": 97.0,
    "K72": 51.0,
    "K72_share": 0.18,
    "K73": 8.5,
    "K73_revenue": 728.0,
    "K73_social": 20.75,
    "K73_social_revenue": 1760.0,
    "K75": 32.6,
    "K76": 0.92,
    "K77": 34.1,
    "K78": 0.956,
    "K78_simple": 1.028,
    "K79_investment": 43.75,
    "K79_innovation": 52.75,
    "K84": 0.003,
}
#: KPI → slice kind → value by slice.
SLICED: dict[str, dict[str, dict[str, float]]] = {
    "K55_fractional": {
        "brand": {"lumen": 0.418, "northboard": 0.382, "tasklane": 0.2},
        "network": {"x": 0.44},
    },
    "K55": {"network": {"x": 0.41}},
    "K51": {"network": {"x": 69.0, "facebook": 26.0}},
    "K53_posts": {"network": {"x": 26.0}},
    "K53_sessions": {"next_step": {"cert_next_boards": 34.0}},
    "K58": {"topic": {"outage": -0.53, "billing": 0.2}},
    "K66": {"network": {"x": 30120.0}},
    "K77": {"channel": {"social": 377.0, "phone": 8.4}},
    "K84": {"network": {"x": 0.01}},
}


def write(connection: Any, name: str = "", *, word: str = "") -> None:
    """Add the marts and scorecard rows to a snapshot that is open for writing.

    `name` stands for every name somebody typed, `word` for every word of a link.
    """
    _scorecard(connection)
    _voice(connection, name)
    _posts(connection, name)
    _credit(connection)
    _web(connection, name, word)
    _money(connection, name)
    _maturity(connection, name)


def _scorecard(connection: Any) -> None:
    rows = []
    for kpi_id, value in OVERALL.items():
        rows += _cells(kpi_id, "overall", "all", value)
    for kpi_id, kinds in SLICED.items():
        for kind, values in kinds.items():
            for slice_value, value in values.items():
                rows += _cells(kpi_id, kind, slice_value, value)
    for model in MODELS:
        rows += _cells(f"K71_{model}", "overall", "all", 40.0 + MODELS.index(model))
        for place, channel in enumerate(("Organic Social", "Paid Search", "Unattributed")):
            for suffix, worth in (("", 1.0), ("_revenue", 90.0)):
                value = worth * (40.0 - 10 * place + MODELS.index(model))
                rows += _cells(f"K71_{model}{suffix}", "channel_group", channel, value)
    told = sorted({row["kpi_id"] for row in rows})
    connection.execute("delete from marts.kpi_scorecard where list_contains(?, kpi_id)", [told])
    marts.insert(connection, "kpi_scorecard", rows)


def _cells(kpi_id: str, kind: str, slice_value: str, value: float) -> list[dict[str, Any]]:
    periods = (
        ("quarter", STARTS_ON, ENDS_ON, 1.0),
        ("quarter", BEFORE, date(2025, 12, 31), 0.9),
        ("quarter", YEAR_AGO, date(2025, 3, 31), 0.8),
        ("month", date(2026, 3, 1), ENDS_ON, 0.9),
        ("month", date(2026, 2, 1), date(2026, 2, 28), 0.8),
    )
    return [
        {
            "period_kind": period_kind,
            "period_start_on": starts_on,
            "period_end_on": ends_on,
            "kpi_id": kpi_id,
            "slice_kind": kind,
            "slice_value": slice_value,
            "value": value * part,
            "n": 30,
            "previous_value": value * 0.9 * part,
            "is_previous_comparable": True,
            "is_year_ago_comparable": True,
            "is_provisional": False,
            "definition_version": "1",
            "as_of_at": AS_OF,
        }
        for period_kind, starts_on, ends_on, part in periods
    ]


def _voice(connection: Any, name: str) -> None:
    marts.create(
        connection,
        "dim_brand",
        [
            {"brand": "lumen", "brand_name": f"Lumen{name}", "is_own_brand": True},
            {"brand": "northboard", "brand_name": "Northboard", "is_own_brand": False},
        ],
    )
    marts.create(
        connection,
        "kpi_share_of_voice",
        [
            {
                **period,
                "network": "all",
                "brand": "lumen",
                "is_own_brand": True,
                "mentions": 464,
                "fractional_mentions": 352.5,
                "unique_authors": 394,
                "positive_mentions": 175,
                "neutral_mentions": 175,
                "negative_mentions": 94,
                "net_sentiment": 0.18,
            }
            for period in (QUARTER, MONTH)
        ],
    )
    marts.create(
        connection,
        "kpi_keywords",
        [
            {
                **period,
                "keyword_key": f"k{is_own}",
                "keyword": f"#{'Lumen' if is_own else 'FastLane'}{name}",
                "keyword_kind": "hashtag",
                "brand": "lumen" if is_own else "northboard",
                "is_own_brand": is_own,
                "mentions": 354,
                "unique_authors": 319,
                "positive_mentions": 128,
                "negative_mentions": 65,
            }
            for period in (QUARTER, MONTH)
            for is_own in (True, False)
        ],
    )
    marts.create(
        connection,
        "kpi_influencers",
        [
            {
                **QUARTER,
                "author_key": f"a{place}",
                "network": "x",
                "last_mention_on": date(2026, 2, 18),
                "author_followers": 180000 - place,
                "mentions": 2,
                "positive_mentions": 1,
                "negative_mentions": 1,
                "answered": 0,
                "reach_rank": place,
            }
            for place in range(1, 13)
        ],
    )
    marts.create(
        connection,
        "kpi_crisis_episodes",
        [
            {
                "episode_key": key,
                "started_on": started_on,
                "network": "x",
                "topic": "outage",
                "crisis_hours": 3,
                "messages": messages,
                "negative_messages": 38,
                "usual_messages": 0.5,
                "peak_messages": 30,
            }
            for key, started_on, messages in (
                ("before", date(2025, 12, 31), 5201),
                ("within", date(2026, 2, 17), 5202),
                ("after", date(2026, 4, 1), 5203),
            )
        ],
    )
    marts.create(
        connection,
        "kpi_missed_love",
        [
            {
                "message_key": f"m{place}",
                "sent_on": sent_on,
                "quarter_start_on": STARTS_ON,
                "network": "x",
                "product": "trello",
                "visibility": "public",
                "author_followers": followers,
                "reach_rank": place,
            }
            for place, (sent_on, followers) in enumerate(
                ((date(2026, 1, 8), 3932), (date(2026, 3, 25), 3910)), start=1
            )
        ],
    )


def _posts(connection: Any, name: str) -> None:
    marts.create(
        connection,
        "kpi_post_ranks",
        [
            {
                **QUARTER,
                "post_key": f"p{place}",
                "posted_on": date(2026, 1, 14),
                "network": "linkedin",
                "profile_name": f"Lumen on LinkedIn{name}",
                "post_type": "article",
                "impressions": 972,
                "engagement_rate": 0.065,
                "usual_rate": 0.02,
                "times_usual": 3.25 - 0.25 * place,
                "sessions": 12,
                "best_rank": place,
                "worst_rank": 13 - place,
            }
            for place in range(1, 13)
        ],
    )
    marts.create(
        connection,
        "kpi_publishing_times",
        [
            {
                "network": "all",
                "age_band": age,
                "local_hour_of_week": hour,
                "hour_name": said,
                "posts": 9,
                "median_engagement_rate": rate,
                "has_enough_posts": enough,
                "place": place,
            }
            for age, hour, said, rate, enough, place in (
                ("28_days", 9, "Mon 09:00", 0.021, True, 2),
                ("28_days", 157, "Sun 13:00", 0.04, True, 1),
                ("28_days", 34, "Tue 10:00", 0.9, False, None),
                ("48_hours", 40, "Tue 16:00", 0.8, True, 1),
            )
        ],
    )


def _credit(connection: Any) -> None:
    marts.create(
        connection,
        "kpi_attribution_lookbacks",
        [
            {
                "quarter_start_on": STARTS_ON,
                "lookback_days": days,
                "model": model,
                "conversions": 598.0,
                "social_conversions": 80.0 + days / 10 + place,
                "unattributed_conversions": 334.0,
                "social_share": 0.15,
            }
            for place, model in enumerate(MODELS)
            for days in (30.0, 90.0, 180.0)
        ],
    )
    marts.create(
        connection,
        "kpi_attribution_effects",
        [
            {
                "quarter_start_on": STARTS_ON,
                "channel_group": group,
                "network": network,
                "is_social": network != "none",
                "touches": 1133,
                "reach_chance": 0.23,
                "removal_effect": 0.3,
                "removal_effect_share": share,
                "shapley_share": share,
            }
            for group, network, share in (
                ("Paid Search", "none", 0.6),
                ("Organic Social", "x", 0.4),
            )
        ],
    )
    marts.create(
        connection,
        "kpi_journeys",
        [
            {
                "quarter_start_on": STARTS_ON,
                "place": place,
                "channel_path": path,
                "conversions": conversions,
                "conversion_share": conversions / 400,
                "revenue": 90.0 * conversions,
            }
            for place, path, conversions in (
                (1, "(no visit)", 334),
                (2, "Paid Search", 39),
                (3, "Organic Social: x > Paid Search", 7),
                (4, "(other paths)", 20),
            )
        ],
    )


def _web(connection: Any, name: str, word: str) -> None:
    marts.create(
        connection,
        "dim_campaign",
        [{"campaign_key": "c1", "campaign": "spring", "campaign_name": f"Spring{name}"}],
    )
    marts.create(
        connection,
        "kpi_channels",
        [
            {
                **QUARTER,
                "slice_kind": kind,
                "slice_value": value,
                "ad_cost": cost,
                "sessions": 1185,
                "conversions_last_touch": 46.0,
                "conversions_linear": 53.0,
                "revenue_linear": 4803.0,
                "roas_linear": returned,
            }
            for kind, value, cost, returned in (
                ("channel_group", "Organic Social", None, None),
                ("channel_group", "Paid Search", 3038.0, 1.6),
                ("channel_group", "Paid Social", 2265.0, 0.8),
                ("network", "x", None, None),
            )
        ],
    )
    marts.create(
        connection,
        "kpi_campaigns",
        [
            {
                **QUARTER,
                "campaign_key": f"c{place}",
                "campaign": campaign,
                "starts_on": date(2026, 1, 12),
                "ends_on": ENDS_ON,
                "is_own_brand": is_own,
                "cost": 388.0 if is_own else None,
                "sessions": 528,
                "conversions_last_touch": 16.0,
                "conversions_linear": 23.0,
                "revenue_linear": 1651.0,
                "roas_linear": 4.25 if is_own else None,
                "mentions": mentions,
            }
            for place, (campaign, is_own, mentions) in enumerate(
                (("spring", True, 0), (f"rival{name}", False, 308), ("silent", False, 0)), start=1
            )
        ],
    )
    marts.create(
        connection,
        "kpi_certificate_funnel",
        [
            {
                **QUARTER,
                "step_number": place,
                "step": step,
                "slice_kind": "overall",
                "slice_value": "all",
                "cases": cases,
            }
            for place, (step, cases) in enumerate(
                (("posts", 65), ("answers", 50), ("clicks", None), ("sessions", 107)), start=1
            )
        ],
    )
    marts.create(
        connection,
        "kpi_link_faults",
        [
            {
                **QUARTER,
                "fault_kind": "malformed",
                "fault": "spelling",
                "links": 419,
                "sessions": 1019,
                "social_sessions": 922,
                "session_share": 0.1875,
                "conversions": 29,
            }
        ],
    )
    marts.create(
        connection,
        "kpi_utm_governance",
        [
            {
                "link_fault_key": kind,
                "month_on": date(2026, 3, 1),
                "fault_kind": kind,
                "fault": fault,
                "utm_source": f"x%20{word}",
                "utm_medium": f"social{word}",
                "utm_campaign": word,
                "landing_page": f"lumen.example/{word}",
                "network": "x",
                "channel_group": "Organic Social",
                "sessions": sessions,
            }
            for kind, fault, sessions in (
                ("malformed", "spelling", 6),
                ("untagged", "untagged_social", 4711),
            )
        ],
    )


def _money(connection: Any, name: str) -> None:
    scenarios = (
        ("base", True, date(2025, 1, 1), date(2026, 1, 1), 9911.0),
        ("base", True, date(2026, 1, 1), None, 9922.0),
        ("hopeful", False, date(2026, 1, 1), None, 9933.0),
        ("base", True, date(2026, 4, 1), None, 9944.0),
    )
    marts.create(
        connection,
        "kpi_roi",
        [
            {
                "roi_key": f"{scenario}-{valid_from_on}",
                "scenario": scenario,
                "is_headline": is_headline,
                "valid_from_on": valid_from_on,
                "valid_to_on": valid_to_on,
                "discount_rate": 0.1,
                "benefits": benefits,
                "costs": 600.0,
                "net_present_value": 500.0,
                "roi_present_value": 0.956,
                "roi_simple": 1.028,
            }
            for scenario, is_headline, valid_from_on, valid_to_on, benefits in scenarios
        ],
    )
    which = {"scenario": "base", "valid_from_on": date(2026, 1, 1)}
    marts.create(
        connection,
        "kpi_roi_years",
        [
            {
                **which,
                "roi_year_key": f"y{year}",
                "is_headline": True,
                "year": year,
                "benefits": benefits,
                "costs": costs,
                "net_amount": benefits - costs,
                "net_present_value": benefits - costs,
                "cumulative_present_value": running,
            }
            for year, benefits, costs, running in (
                (0, 0.0, 80.0, -80.0),
                (1, 60.0, 20.0, -40.0),
                (2, 90.0, 20.0, 30.0),
            )
        ],
    )
    marts.create(
        connection,
        "kpi_roi_cash_flows",
        [
            {
                **which,
                "cash_flow_key": f"{flow}{year}",
                "flow": flow,
                "line": line,
                "year": year,
                "amount": 100.0 + year,
                "measured_amount": measured,
                "measured_months": 3 if measured else 0,
            }
            for flow, line, year, measured in (
                ("benefit", f"Calls avoided{name}", 1, 21.5),
                ("benefit", f"Calls avoided{name}", 2, None),
                ("cost", "Setting up", 0, None),
            )
        ],
    )


def _maturity(connection: Any, name: str) -> None:
    marts.create(
        connection,
        "kpi_social_maturity",
        [
            {
                "assessment_on": assessment_on,
                "quadrant": quadrant,
                "recommendation": f"Next for a {quadrant}.{name}",
                "weakest_item_hint": "Name people.",
                "investment": investment,
                "innovation": innovation,
            }
            for assessment_on, quadrant, investment, innovation in (
                (date(2025, 10, 8), "Observer", 22.0, 30.5),
                (date(2026, 1, 13), "Contender", 43.75, 52.75),
                (date(2026, 4, 8), "Conservative", 50.0, 41.5),
            )
        ],
    )
    marts.create(
        connection,
        "fct_maturity_answers",
        [
            {
                "assessment_on": assessment_on,
                "item_id": "people",
                "item": f"People whose work it is{name}",
                "axis": "investment",
                "evidence": f"{name or '20'}",
                "weight": 2.0,
                "self_score": score,
                "evidence_score": None,
                "score_used": score,
            }
            for assessment_on, score in ((date(2026, 1, 13), 1.0), (date(2026, 4, 8), 3.0))
        ],
    )
