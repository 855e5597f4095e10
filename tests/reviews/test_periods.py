"""Weeks, months, quarters: their labels, their days, and which of them is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from orchestration.reviews.periods import (
    latest_complete,
    month,
    months_up_to,
    period_named,
    period_of,
    quarter,
    quarter_of,
    shifted,
    week,
    week_of,
    year_before,
)


def test_a_quarter_has_three_months() -> None:
    period = quarter("2026-Q1")
    assert (period.starts_on, period.ends_on) == (date(2026, 1, 1), date(2026, 3, 31))
    assert period.name == "First quarter of 2026"
    assert shifted(period, -1).label == "2025-Q4"
    assert shifted(period, -4).label == "2025-Q1"
    assert [month.label for month in months_up_to(period, 4)] == [
        "2025-12",
        "2026-01",
        "2026-02",
        "2026-03",
    ]


def test_a_fiscal_quarter_is_named_after_the_calendar_quarter_it_begins_in() -> None:
    period = quarter("2026-Q1", first_month=2)
    assert (period.starts_on, period.ends_on) == (date(2026, 2, 1), date(2026, 4, 30))
    assert shifted(period, -1).label == "2025-Q4"
    for first_month in range(1, 13):
        for day in (date(2026, number, 15) for number in range(1, 13)):
            found = quarter_of(day, first_month)
            assert found.starts_on <= day <= found.ends_on
            assert quarter(found.label, first_month) == found


@pytest.mark.parametrize("label", ["2026Q1", "2026-Q5", "2026-Q0", "Q1 2026", "2026-Q1/.."])
def test_other_spellings_are_refused(label: str) -> None:
    with pytest.raises(ValueError, match="2026-Q1"):
        quarter(label)


def test_a_quarter_is_over_when_its_last_day_is_over_in_the_companys_zone() -> None:
    just_after = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
    assert latest_complete("quarter", just_after, "UTC") == "2026-Q1"
    assert latest_complete("quarter", just_after, "America/New_York") == "2025-Q4"
    assert latest_complete("quarter", just_after.replace(tzinfo=None), "Asia/Tokyo") == "2026-Q1"


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2027, 1, 1), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2025, 12, 29), "2026-W01"),
        (date(2026, 3, 29), "2026-W13"),
        (date(2026, 3, 30), "2026-W14"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day: date, label: str) -> None:
    found = week_of(day)
    assert found.label == label
    assert week(label) == found
    assert found.starts_on.isoweekday() == 1
    assert (found.ends_on - found.starts_on).days == 6


def test_weeks_follow_each_other_over_the_year() -> None:
    last = week("2026-W53")
    assert (shifted(last, 1).label, shifted(last, -1).label) == ("2027-W01", "2026-W52")
    assert year_before(week("2026-W13")).label == "2025-W13"
    assert last.in_words == "week 53 of 2026"
    assert last.short_name == "W53 2026"


def test_a_month_is_said_as_people_say_it() -> None:
    period = month("2026-03")
    assert (period.starts_on, period.ends_on) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (period.in_words, period.short_name) == ("March 2026", "Mar 2026")
    assert (shifted(period, -3).label, year_before(period).label) == ("2025-12", "2025-03")
    assert quarter("2026-Q1").in_words == "the first quarter of 2026"


@pytest.mark.parametrize(
    ("kind", "label"),
    [("week", "2025-W53"), ("week", "2026-W00"), ("week", "2026-13"), ("week", "2026-W13/.."),
     ("month", "2026-13"), ("month", "2026-3"), ("month", "../2026-03")],
)  # fmt: skip
def test_other_spellings_of_weeks_and_months_are_refused(kind: str, label: str) -> None:
    with pytest.raises(ValueError, match=f"a {kind} is written like 2026-"):
        period_named(kind, label)


def test_the_label_names_the_period_of_any_day() -> None:
    for kind in ("week", "month", "quarter"):
        for ordinal in range(date(2024, 12, 1).toordinal(), date(2027, 2, 1).toordinal()):
            day = date.fromordinal(ordinal)
            found = period_of(kind, day)
            assert found.starts_on <= day <= found.ends_on
            assert period_named(kind, found.label) == found


def test_a_week_is_over_on_monday_in_the_companys_zone() -> None:
    monday = datetime(2027, 1, 4, 3, 0, tzinfo=UTC)
    assert latest_complete("week", monday, "UTC") == "2026-W53"
    assert latest_complete("week", monday, "America/New_York") == "2026-W52"
    assert latest_complete("month", monday, "UTC") == "2026-12"
    assert latest_complete("quarter", monday, "UTC", 2) == "2026-Q3"
