"""The truth's own definitions, on hand-made threads.

Every vector of the metric definitions that applies, computed by the plain functions of the truth.
Generated worlds are tested in `test_simulation.py`.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from simulator.truth.attribution import (
    HALF_LIFE_US,
    LOOKBACK_US,
    MODELS,
    SECOND_US,
    Touch,
    credit_shares,
    removal_effects,
)
from simulator.truth.business_time import BusinessCalendar, Shift
from simulator.truth.conversations import (
    ASSIGN,
    BOT,
    CLOSE,
    HANDOFF,
    HUMAN,
    IN,
    REOPEN,
    Item,
    split_thread,
)
from simulator.truth.cube import Cube, Slices
from simulator.truth.moods import score
from simulator.zones import Zone, iso_day, period_end, period_start

NEW_YORK = "America/New_York"
MINUTE, HOUR, DAY = 60, 3600, 86_400
FOREVER = 2**40


def at(text: str, zone: str = NEW_YORK) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def weekdays(opens: int = 9 * 60, closes: int = 17 * 60, days=range(1, 6), **more) -> list[Shift]:
    valid_from = more.get("valid_from", date(1970, 1, 1))
    return [Shift(valid_from, more.get("valid_to"), day, opens, closes) for day in days]


def office(shifts: list[Shift] | None = None, holidays=(), zone: str = NEW_YORK):
    return BusinessCalendar(zone, weekdays() if shifts is None else shifts, set(holidays))


def question(t: int, **more) -> Item:
    return Item(t, IN, is_eligible=True, **more)


@pytest.mark.parametrize(
    ("start", "end", "business_min", "calendar_min"),
    [
        pytest.param("2026-03-02 08:00", "2026-03-02 09:20", 20, 80, id="before opening"),
        pytest.param("2026-02-27 16:45", "2026-03-02 09:15", 30, 3870, id="over a weekend"),
        pytest.param("2026-02-27 16:45", "2026-03-02 09:16", 31, 3871, id="a minute late"),
        pytest.param("2026-03-06 16:45", "2026-03-09 09:15", 30, 3810, id="over a DST night"),
        pytest.param("2026-03-07 10:00", "2026-03-07 11:00", 0, 60, id="on a Saturday"),
    ],
)
def test_business_minutes_are_the_overlap_with_the_hours(start, end, business_min, calendar_min):
    assert office().seconds_between(at(start), at(end)) == business_min * MINUTE
    assert at(end) - at(start) == calendar_min * MINUTE


def test_a_holiday_has_no_hours():
    closed = office(holidays=[date(2026, 3, 3)])
    assert closed.seconds_between(at("2026-03-02 16:00"), at("2026-03-04 10:00")) == 2 * HOUR


def test_a_shift_over_midnight_counts_on_both_days_and_once():
    nights = office(weekdays(18 * 60 + 30, 3 * 60 + 30), zone="Asia/Kolkata")
    friday, saturday = "2026-03-06 23:30", "2026-03-07 09:00"
    seconds = nights.seconds_between(at(friday, "Asia/Kolkata"), at(saturday, "Asia/Kolkata"))
    assert seconds == 4 * HOUR


def test_hours_that_change_in_the_middle_of_a_wait_are_those_of_each_day():
    change = date(2025, 9, 1)
    shifts = weekdays(valid_to=change) + weekdays(8 * 60, 18 * 60, valid_from=change)
    seconds = office(shifts).seconds_between(at("2025-08-29 16:00"), at("2025-09-01 09:00"))
    assert seconds == 2 * HOUR


def test_two_schedules_add_up_and_split_shifts_have_a_gap():
    split = office(weekdays(8 * 60, 12 * 60) + weekdays(13 * 60, 17 * 60))
    assert split.seconds_between(at("2026-03-02 11:00"), at("2026-03-02 14:00")) == 2 * HOUR


def test_bot_reply_does_not_stop_the_clock_and_the_handoff_starts_it():
    t = at("2026-03-02 11:00")
    (segment,) = split_thread(
        [
            question(t),
            Item(t + MINUTE, BOT),
            Item(t + 2 * MINUTE, HANDOFF),
            Item(t + 30 * MINUTE, HUMAN, agent=1),
        ],
        FOREVER,
    )
    turn = segment.first_turn
    assert turn.wait_s == 28 * MINUTE
    assert turn.bot_at - turn.started_at == MINUTE


def test_a_conversation_reopened_after_a_bot_waits_from_the_new_question():
    monday, friday = at("2026-03-02 09:00"), at("2026-03-06 14:00")
    (segment,) = split_thread(
        [
            question(monday),
            Item(monday + 2 * MINUTE, BOT),
            Item(monday + 5 * MINUTE, CLOSE),
            question(friday),
            Item(friday + 10 * MINUTE, HUMAN, agent=1),
        ],
        FOREVER,
    )
    assert [turn.is_bot_contained for turn in segment.turns] == [True, False]
    assert segment.first_turn.wait_s == 10 * MINUTE
    assert segment.reopened_at == [friday]


def test_a_return_after_seven_days_is_a_new_conversation_and_equality_counts():
    t = at("2026-03-02 09:00")
    base = [question(t), Item(t + HOUR, HUMAN, agent=1), Item(t + 2 * HOUR, CLOSE)]
    late = split_thread([*base, question(t + 2 * HOUR + 7 * DAY)], FOREVER)
    early = split_thread([*base, question(t + 2 * HOUR + 7 * DAY - 1)], FOREVER)
    assert [len(segment.turns) for segment in late] == [1, 1]
    assert len(early) == 1
    assert len(early[0].reopened_at) == 1


def test_silence_of_72_hours_ends_a_conversation_only_when_nobody_waits():
    t = at("2026-03-02 09:00")
    answered = split_thread(
        [question(t), Item(t + HOUR, HUMAN), question(t + HOUR + 3 * DAY)], FOREVER
    )
    waiting = split_thread([question(t), Item(t + 4 * DAY, HUMAN, agent=1)], FOREVER)
    assert [segment.opened_at for segment in answered] == [t, t + HOUR + 3 * DAY]
    assert answered[0].ended_at == t + HOUR + 3 * DAY
    assert len(waiting) == 1
    assert waiting[0].first_turn.wait_s == 4 * DAY


def test_who_waits_never_expires():
    t = at("2026-03-02 09:00")
    (segment,) = split_thread([question(t)], t + 100 * DAY)
    assert segment.ended_at is None


def test_a_brand_message_does_not_reopen_and_a_second_close_changes_nothing():
    t = at("2026-03-02 09:00")
    (segment,) = split_thread(
        [
            question(t),
            Item(t + HOUR, HUMAN, agent=1),
            Item(t + 2 * HOUR, CLOSE, agent=1),
            Item(t + 3 * HOUR, HUMAN, agent=1),
            Item(t + 4 * HOUR, CLOSE, agent=2),
        ],
        FOREVER,
    )
    assert segment.is_closed
    assert len(segment.closes) == 1
    assert segment.reopened_at == []


def test_an_agent_may_reopen():
    t = at("2026-03-02 09:00")
    items = [question(t), Item(t + 1, HUMAN), Item(t + 2, CLOSE), Item(t + 9, REOPEN)]
    (segment,) = split_thread(items, t + DAY)
    assert not segment.is_closed
    assert segment.spans == [(t, t + 2), (t + 9, None)]


def test_a_a_b_a_is_two_handoffs():
    t = at("2026-03-02 09:00")
    steps = [Item(t + i, ASSIGN, agent=agent) for i, agent in enumerate((1, 1, 2, 1), start=1)]
    (segment,) = split_thread([question(t), *steps], FOREVER)
    assert [(old, new) for _, old, new in segment.handoffs()] == [(1, 2), (2, 1)]


def test_a_conversation_the_company_began_is_out_of_scope_and_keeps_its_wait():
    t = at("2026-03-02 09:00")
    items = [Item(t, HUMAN, agent=1), question(t + HOUR), Item(t + 2 * HOUR, HUMAN, agent=1)]
    (segment,) = split_thread(items, FOREVER)
    assert not segment.is_in_scope
    assert segment.first_turn.wait_s == HOUR


def test_a_burst_is_one_wait_from_its_first_message_that_asks():
    t = at("2026-03-02 09:00")
    items = [
        Item(t, IN),
        question(t + MINUTE),
        question(t + 5 * MINUTE),
        Item(t + HOUR, HUMAN, agent=1),
        Item(t + 2 * HOUR, HUMAN, agent=1),
    ]
    (segment,) = split_thread(items, FOREVER)
    (turn,) = segment.turns
    assert turn.wait_s == 59 * MINUTE


def test_median_mean_and_percentile_of_three_replies():
    hours = np.array([5, 20, 240]) * MINUTE
    cube = Cube(period_kinds=("month",))
    day, slices, keep = np.full(3, 20_500), Slices(3), np.ones(3, dtype=bool)
    cube.quantile("median", day, slices, keep, hours)
    cube.ratio("mean", day, slices, keep, hours)
    cube.quantile("p90", day, slices, keep, hours, 0.9)
    values = {row[2]: row[5] / MINUTE for row in cube.cells}
    assert values["median"] == 20
    assert values["mean"] == pytest.approx(265 / 3)
    assert values["p90"] == pytest.approx(196)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "touches",
    [
        [Touch(0, False, "a")],
        [Touch(0, True, "d"), Touch(5, True, "d")],
        [Touch(0, False, "a"), Touch(5, True, "d"), Touch(9, False, "b"), Touch(10, True, "d")],
    ],
)
def test_credits_sum_to_one(model, touches):
    found = credit_shares(touches, 10, model, {"a": 0.5, "b": 0.25, "d": 0.1})
    assert sum(share for _, share in found) == pytest.approx(1.0)


def test_the_look_back_reaches_180_days_and_not_a_microsecond_further():
    social, ad = Touch(0, False), Touch(LOOKBACK_US, False)
    assert credit_shares([social, ad], LOOKBACK_US, "linear") == [(0, 0.5), (1, 0.5)]
    assert credit_shares([social], LOOKBACK_US + 1, "linear") == []


def test_the_ad_takes_the_last_touch_and_the_first_touch_stays_social():
    start = int(datetime(2016, 12, 22, tzinfo=UTC).timestamp()) * SECOND_US
    bought = int(datetime(2017, 3, 22, tzinfo=UTC).timestamp()) * SECOND_US
    touches = [Touch(start, False), Touch(bought, False)]
    assert credit_shares(touches, bought, "last_touch") == [(1, 1.0)]
    assert credit_shares(touches, bought, "first_touch") == [(0, 1.0)]
    assert credit_shares(touches, bought, "linear") == [(0, 0.5), (1, 0.5)]


def test_position_and_age_of_a_touch_weigh_by_their_rules():
    month = HALF_LIFE_US
    touches = [Touch(0, False), Touch(month, False), Touch(2 * month, False)]
    by_place = dict(credit_shares(touches, 2 * month, "position_based"))
    assert by_place == pytest.approx({0: 0.4, 1: 0.2, 2: 0.4})
    assert credit_shares(touches[:2], 2 * month, "position_based") == [(0, 0.5), (1, 0.5)]
    by_age = dict(credit_shares(touches, 2 * month, "time_decay"))
    assert by_age == pytest.approx({0: 1 / 7, 1: 2 / 7, 2: 4 / 7})


def test_shapley_shares_by_channel_and_then_by_touch():
    touches = [Touch(0, False, "a"), Touch(1, False, "a"), Touch(2, False, "b")]
    assert dict(credit_shares(touches, 3, "shapley")) == {0: 0.25, 1: 0.25, 2: 0.5}


def test_what_is_lost_without_a_channel():
    # Half of what starts with a converts through b; b alone converts half of the time.
    journeys = [(["a", "b"], True), (["a"], False), (["b"], True), (["b"], False)]
    effects = removal_effects(journeys)
    assert effects["b"] == pytest.approx(1.0)
    # Without a only b's own half of the starts is left: 1/2 x 2/3 of 3/4 x 2/3.
    assert effects["a"] == pytest.approx(1 / 3)
    shares = dict(credit_shares([Touch(0, False, "a"), Touch(1, False, "b")], 2, "markov", effects))
    assert shares == pytest.approx({0: 0.25, 1: 0.75})
    assert removal_effects([(["a"], False)]) == {"a": 0.0}


def test_an_hour_is_held_against_its_eight_weeks():
    assert score(40, np.array([1, 2, 3, 4, 5, 6, 7, 8])) == pytest.approx(0.6745 * 35.5 / 2)
    # All alike: chance alone, of at least one message an hour.
    assert score(25, np.zeros(8)) == pytest.approx(24.0)
    assert score(25, np.full(8, 4.0)) == pytest.approx(10.5)


def test_periods_begin_on_mondays_and_firsts():
    day = (date(2027, 1, 1) - date(1970, 1, 1)).days
    starts = {kind: period_start(np.array([day]), kind)[0] for kind in ("week", "month", "quarter")}
    assert {kind: iso_day(start) for kind, start in starts.items()} == {
        "week": "2026-12-28",
        "month": "2027-01-01",
        "quarter": "2027-01-01",
    }
    assert iso_day(period_end(starts["quarter"], "quarter")) == "2027-03-31"


def test_a_day_of_a_zone_is_its_own():
    zone = Zone(NEW_YORK)
    night = np.array([at("2026-03-08 23:30"), at("2026-03-09 00:00")])
    assert [iso_day(day) for day in zone.day(night)] == ["2026-03-08", "2026-03-09"]
