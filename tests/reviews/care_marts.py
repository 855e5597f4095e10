"""What the sections on care read beside the scorecard: a month of it, with names given by the test.

Rows only. What the sections make of them is asserted in `test_care_sections.py`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.reviews import marts
from tests.reviews.published import AS_OF

STARTS_ON, BEFORE = date(2026, 3, 1), date(2026, 2, 1)
MONTH = {"period_kind": "month", "period_start_on": STARTS_ON}
EARLIER = {"period_kind": "month", "period_start_on": BEFORE}

#: KPI → slice kind → value by slice, for the month; the one before has a tenth less.
CELLS: dict[str, dict[str, dict[str, float]]] = {
    "K16": {
        "overall": {"all": 0.82},
        "network": {"x": 0.7, "facebook": 0.95},
        "team": {"front_desk": 0.8},
        "priority": {"critical": 0.6},
    },
    "K16_first_reply": {"overall": {"all": 0.75}},
    "K16_resolution": {"overall": {"all": 0.9}},
    "K16_open_breaches": {"overall": {"all": 22.0}},
    "K17": {"overall": {"all": 0.429}},
    "K17_frt": {"overall": {"all": 2.5}},
    "K32": {"overall": {"all": 0.16}, "destination_team": {"support_engineering": 0.08}},
    "K46_replies": {"overall": {"all": 408.0}, "team": {"front_desk": 300.0, "community": 108.0}},
    "K08": {"overall": {"all": 0.27}},
}
BANDS = (900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800, None)
WAITS = (10, 0, 10, 40, 20, 10, 5, 4, 0, 1)


def write(connection: Any, name: str = "") -> None:
    """Add the marts and scorecard rows to a snapshot that is open for writing.

    `name` is put to every name that somebody typed into a tool.
    """
    _scorecard(connection)
    _waits(connection, name)
    _drivers(connection, name)
    _work(connection, name)
    _people(connection, name)


def _scorecard(connection: Any) -> None:
    rows = [
        (start, end, kpi_id, kind, slice_value, value * part, AS_OF)
        for kpi_id, kinds in CELLS.items()
        for kind, values in kinds.items()
        for slice_value, value in values.items()
        for start, end, part in (
            (STARTS_ON, date(2026, 3, 31), 1.0),
            (BEFORE, date(2026, 2, 28), 0.9),
        )
    ]
    connection.execute(
        "delete from marts.kpi_scorecard where kpi_id in (select unnest(?)) "
        "and period_kind = 'month' and period_start_on in (?, ?)",
        [list(CELLS), BEFORE, STARTS_ON],
    )
    connection.executemany(
        "insert into marts.kpi_scorecard (period_kind, period_start_on, period_end_on, kpi_id, "
        "slice_kind, slice_value, value, n, is_previous_comparable, is_year_ago_comparable, "
        "is_provisional, definition_version, as_of_at) "
        "values ('month', ?, ?, ?, ?, ?, ?, 30, true, true, false, '1', ?)",
        rows,
    )


def _waits(connection: Any, name: str) -> None:
    total, so_far, rows = sum(WAITS), 0, []
    for place, (end, waits) in enumerate(zip(BANDS, WAITS, strict=True)):
        so_far += waits
        rows.append(
            {
                **MONTH,
                "slice_kind": "overall",
                "slice_value": "all",
                "band_number": place + 1,
                "longer_than_s": 0 if place == 0 else BANDS[place - 1],
                "up_to_s": end,
                "waits": waits,
                "wait_share": waits / total,
                "share_so_far": so_far / total,
            }
        )
    marts.create(connection, "kpi_wait_bands", rows)
    matrix = (
        # topic, network, product, first replies, mean
        ("technical", "x", "all", 40, 6.5),
        ("technical", "facebook", "all", 9, 3.0),
        ("billing", "x", "all", 12, 1.5),
        ("billing", "facebook", "all", 4, None),
        (f"praise{name}", "x", "all", 5, 0.5),
        ("technical", "all", "jira", 30, 7.0),
        ("all", "all", "all", 75, 4.0),
        ("technical", "x", "jira", 30, 7.25),
        ("billing", "x", "trello", 6, 1.25),
    )
    marts.create(
        connection,
        "kpi_reply_matrix",
        [
            {
                **MONTH,
                "network": network,
                "product": product,
                "topic": topic,
                "first_replies": replies,
                "first_reply_s": 3600 * replies,
                "first_replies_within_4h": replies // 2,
                "first_replies_decided_4h": replies,
                "first_reply_mean_h": mean,
                "null_reason": "too_few" if mean is None else None,
            }
            for topic, network, product, replies, mean in matrix
        ],
    )
    hours = (
        # hour of the week, questions, answered within an hour, replies
        (0, 4, 0, 0),
        (9, 8, 6, 12),
        (33, 2, 1, 1),
        (167, 9, 0, 0),
        (40, 0, 0, 3),
    )
    marts.create(
        connection,
        "kpi_coverage_hours",
        [
            {
                **MONTH,
                "hour_of_week": hour,
                "iso_weekday": hour // 24 + 1,
                "hour_of_day": hour % 24,
                "demand_turns": asked,
                "answered_within_1h": soon,
                "replies": replies,
                "answered_within_1h_share": soon / asked if asked else None,
                "is_gap": asked > 0 and replies == 0,
                "gap_rank": {167: 1, 0: 2}.get(hour),
            }
            for hour, asked, soon, replies in hours
        ],
    )


def _drivers(connection: Any, name: str) -> None:
    parts = {
        # contribution by speed and by share, mean now and before, replies now and before
        "topic": {
            "billing": (12.0, -2.0, 2.0, 1.5, 20, 25),
            f"outage{name}": (0.0, 5.5, 9.0, None, 8, 0),
            "praise": (-0.25, 0.0, 0.5, 0.6, 5, 5),
            "technical": (-20.5, 3.0, 6.5, 8.0, 42, 40),
        },
        "network": {"x": (-3.0, -2.25, 3.0, 3.5, 50, 55)},
        "product_topic": {
            "jira × technical": (-20.5, 0.0, 7.0, 9.0, 30, 30),
            "trello × billing": (10.0, 0.0, 1.25, 1.0, 6, 6),
        },
    }
    rows = []
    for kind, values in parts.items():
        order = sorted(values, key=lambda each: -(values[each][0] + values[each][1]))
        for value, (speed, mix, now, before, replies, earlier) in values.items():
            rows.append(
                {
                    **MONTH,
                    "previous_start_on": BEFORE,
                    "slice_kind": kind,
                    "slice_value": value,
                    "first_replies": replies,
                    "previous_first_replies": earlier,
                    "first_reply_mean_h": now,
                    "previous_first_reply_mean_h": before,
                    "speed_effect_min": speed,
                    "mix_effect_min": mix,
                    "contribution_min": speed + mix,
                    "overall_change_min": -2.25,
                    "slowing_rank": order.index(value) + 1,
                    "hastening_rank": len(order) - order.index(value),
                }
            )
    marts.create(connection, "kpi_reply_drivers", rows)
    marts.create(
        connection,
        "kpi_topics",
        [
            {
                **MONTH,
                "product": product,
                "topic": topic,
                "conversations": cases,
                "first_replies": cases,
                "first_reply_mean_h": mean,
                "first_reply_p90_h": mean,
                "within_4h_share": 0.5,
                "response_rate": 0.9,
                "first_contact_resolution": None,
                "volume_rank": place,
            }
            for product, topic, cases, mean, place in (
                ("all", "untagged", 50, 3.0, 1),
                ("all", "technical", 42, 6.5, 2),
                ("all", f"billing{name}", 20, 2.0, 3),
                ("jira", "technical", 30, 7.0, 1),
                ("jira", "billing", 3, 7.0, 2),
            )
        ],
    )


def _work(connection: Any, name: str) -> None:
    ages = ("under_4h", "4h_to_1d", "1d_to_2d", "2d_to_7d", "7d_and_over")
    marts.create(
        connection,
        "kpi_backlog_flow",
        [
            {
                **period,
                "stands_on": stands_on,
                "slice_kind": kind,
                "slice_value": value,
                "opening_cases": opening,
                "new_cases": 257,
                "reopened_cases": 19,
                "ended_cases": 274,
                "open_cases": opening + 2,
                "unassigned_cases": 11,
                "overdue_cases": 13,
                **{f"aged_{age}": place for place, age in enumerate(ages, start=1)},
            }
            for period, stands_on, kind, value, opening in (
                (MONTH, date(2026, 3, 31), "network", "x", 90),
                (MONTH, date(2026, 3, 31), "overall", "all", 21),
                (EARLIER, date(2026, 2, 28), "overall", "all", 19),
            )
        ],
    )
    marts.create(
        connection,
        "kpi_unanswered",
        [
            {
                "conversation_key": f"{place:08d}{'a' * 24}",
                "agent_name": f"Ada{name}" if place == 1 else "unassigned",
                "team": f"front_desk{name}",
                "network": "x",
                "product": "jira",
                "topic": f"billing{name}" if place == 1 else None,
                "priority": "high",
                "urgency_rank": place,
                "wait_s": 3600 * (20 - place),
                "as_of_at": AS_OF,
            }
            for place in range(1, 18)
        ],
    )
    marts.create(
        connection,
        "kpi_promises",
        [
            {
                **MONTH,
                "policy_id": policy,
                "metric": "first_reply",
                "clock": "business" if kept == 10 else "calendar",
                "target_h": 4.0,
                "promises": 10,
                "kept": kept,
                "broken": 10 - kept,
                "given_up": 0,
                "undecided": 0,
                "warned": 3,
                "broken_and_open": 1,
                "kept_share": kept / 10,
                "median_elapsed_h": 1.5,
                "p90_elapsed_h": 6.5,
                "median_overrun_h": None if kept == 10 else 2.5,
            }
            for policy, kept in ((f"first_reply_default{name}", 10), ("first_reply_vip", 4))
        ],
    )
    marts.create(
        connection,
        "kpi_case_examples",
        [
            {
                **MONTH,
                "reason": reason,
                "place": place,
                "conversation_key": f"{place}c0ffee{'b' * 25}",
                "opened_on": date(2026, 3, 7),
                "network": "x",
                "product": product,
                "topic": topic,
                "team": f"community{name}",
                "measured": measured,
                "unit": unit,
            }
            for reason, place, product, topic, measured, unit in (
                ("longest_first_wait", 1, "jira", "how_to", 24.5, "hours"),
                ("longest_first_wait", 2, None, f"billing{name}", 20.0, "hours"),
                ("most_handoffs", 1, None, None, 3.0, "count"),
            )
        ],
    )
    marts.create(
        connection,
        "kpi_reconciliation",
        [
            {
                **MONTH,
                "source": f"zendesk{name}",
                "metric": metric,
                "conversations_told": 14,
                "conversations_compared": compared,
                "conversations_agreeing": compared,
                "tool_mean": mean,
                "our_mean": mean,
                "mean_gap": None if mean is None else 0.0,
            }
            for metric, compared, mean in (("first_reply_s", 14, 9000.0), ("reopens", 0, None))
        ],
    )


def _people(connection: Any, name: str) -> None:
    marts.create(
        connection,
        "kpi_agents",
        [
            {
                **MONTH,
                "agent_name": agent,
                "current_team": f"front_desk{name}",
                "replies": replies,
                "conversations_answered": replies,
                "conversations_closed": replies // 2,
                "first_replies": first,
                "first_reply_mean_h": mean,
                "first_reply_median_h": mean,
                "first_replies_within_4h": 0.9,
                "first_contact_resolution": 0.8,
                "csat": csat,
                "speed_rank": 1 if first >= 30 else None,
            }
            for agent, replies, first, mean, csat in (
                (f"Ada{name}", 52, 30, 1.25, None),
                ("Bo", 43, 10, 2.5, None),
                ("Cy", 40, 9, 77.5, None),
                ("Di", 0, 0, None, None),
                ("unassigned", 90, 40, 66.5, None),
            )
        ],
    )
