"""Quarters: their labels, their days, and which of them is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from orchestration.reviews.periods import (
    latest_complete,
    months_up_to,
    quarter,
    quarter_of,
    shifted,
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
        for month in range(1, 13):
            found = quarter_of(date(2026, month, 15), first_month)
            assert found.starts_on <= date(2026, month, 15) <= found.ends_on
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
