"""How numbers are said: one way per unit, never a zero for what is missing."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.reviews import wording
from orchestration.reviews.desk import wilson


def said(text: str) -> str:
    return text.replace(wording.NBSP, " ")


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (2.5167, "2 h 31 min"),
        (0.55, "33 min"),
        (4.0, "4 h"),
        (1.9999, "2 h"),
        (0.005, "18 s"),
        (0.0, "0 min"),
        (123.4, "123 h"),
        (-1.25, "−1 h 15 min"),
    ],
)
def test_hours_in_prose(hours: float, text: str) -> None:
    assert said(wording.duration(hours)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2.5167, "hours", "2.5 h"),
        (21.04, "minutes", "21.0 min"),
        (2.55, "days", "2.5 d"),
        (31.25, "points", "31.2"),
        (-0.6885, "change", "−68.8%"),
        (0.9134, "share", "91.3%"),
        (0.9134, "percent", "91.3%"),
        (0.0034, "share", "0.34%"),
        (0.0, "share", "0.0%"),
        (1.0, "share", "100.0%"),
        (-0.381, "share", "−38.1%"),
        (1234567, "count", "1,234,567"),
        (96.75, "count", "96.8"),
        (0.312, "ratio", "0.31"),
        (12345.6, "money", "12,346"),
        (3.4567, "money", "3.46"),
        (5400, "seconds", "1.5 h"),
        (-0.001, "money", "0"),
    ],
)
def test_numbers_in_tables(value: float, unit: str, text: str) -> None:
    assert said(wording.number(value, unit)) == text


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        (0.913, 0.892, "share", "+2.1 pp"),
        (0.0034, 0.0041, "share", "−0.07 pp"),
        (2.5, 3.0667, "hours", "−34 min"),
        (15.0, 95.0, "minutes", "−1 h 20 min"),
        (2.5, 3.3, "days", "−0.8 d"),
        (31.2, 24.0, "points", "+7.2 points"),
        (110, 100, "count", "+10.0%"),
        (5, 0, "count", "+5"),
        (141, 1, "count", "+140"),
        (0.31, 0.34, "ratio", "−0.03"),
        (0.9131, 0.9132, "share", "no change"),
    ],
)
def test_differences_carry_their_sign(now: float, before: float, unit: str, text: str) -> None:
    assert said(wording.difference(now, before, unit, "prose")) == text


def test_better_follows_the_direction_of_the_measure() -> None:
    assert wording.verdict(2, 3, "down") == "better"
    assert wording.verdict(2, 3, "up") == "worse"
    assert wording.verdict(2, 3, "none") == ""


def test_every_null_reason_of_the_scorecard_has_words() -> None:
    for code in ("no_source", "no_cases", "too_few", "too_young", "no_previous", "not_additive"):
        assert wording.null_reason(code) != code
    assert wording.null_reason("some_new_code") == "some new code"


def test_text_from_outside_is_one_line_without_tricks() -> None:
    assert wording.clean("a\u202eb\u0000c\r\n d\u200bé 💙") == "abc dé 💙"


def test_a_quote_is_cut_at_a_word() -> None:
    assert wording.trimmed("one two three four", 12) == "one two…"
    assert wording.trimmed("one two", 12) == "one two"
    assert len(wording.trimmed("x" * 500, 280)) == 280


@pytest.mark.parametrize(
    ("locale", "currency", "money", "cents", "share", "count", "day"),
    [
        ("en_US", "USD", "−$1,234,568", "$3.46", "91.3%", "1,234,567", "April 15, 2026"),
        ("en_GB", "GBP", "−£1,234,568", "£3.46", "91.3%", "1,234,567", "15 April 2026"),
        ("de_DE", "EUR", "−1.234.568 €", "3,46 €", "91,3 %", "1.234.567", "15 April 2026"),
        ("de_CH", "CHF", "−CHF 1’234’568", "CHF 3.46", "91.3%", "1’234’567", "15 April 2026"),
        ("tr_TR", "TRY", "−₺1.234.568", "₺3,46", "%91,3", "1.234.567", "15 April 2026"),
        ("en_IN", "INR", "−₹12,34,568", "₹3.46", "91.3%", "12,34,567", "15 April 2026"),
        ("sv_SE", "", "−1 234 568", "3,46", "91,3 %", "1 234 567", "15 April 2026"),
    ],
)
def test_signs_and_order_follow_the_locale_and_words_stay_english(
    locale: str, currency: str, money: str, cents: str, share: str, count: str, day: str
) -> None:
    with wording.spoken(locale, currency):
        assert said(wording.number(-1234567.5, "money")) == money
        assert said(wording.number(3.456, "money")) == cents
        assert said(wording.number(0.9134, "share")) == share
        assert said(wording.number(1234567, "count")) == count
        assert said(wording.day(date(2026, 4, 15))) == day
    assert said(wording.number(1234567, "count")) == "1,234,567"


def test_round_numbers_of_an_axis_have_no_empty_decimals() -> None:
    wanted = {
        ("count", 1200): "1,200",
        ("count", 1_500_000): "1.5 M",
        ("share", 0.25): "25%",
        ("share", 0.125): "12.5%",
        ("hours", 4.0): "4 h",
        ("ratio", -0.5): "−0.5",
    }
    for (unit, value), text in wanted.items():
        assert said(wording.axis_number(value, unit)) == text


def test_a_name_from_outside_is_cut_to_a_bearable_length() -> None:
    assert wording.label("word " * 3) == "word word word"
    assert len(wording.label("W" * 10_000)) == wording.LONGEST_LABEL
    assert wording.label("\u202e\u200b") == "(empty)"
    assert wording.is_code("feature_request")
    assert not wording.is_code("Feature request")


def test_wilson_interval_of_eight_in_ten() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == pytest.approx(1)
    with pytest.raises(ValueError, match="observation"):
        wilson(0, 0)
