"""How a number, a difference, a status or a missing value is said in words.

Formats, phrases and the cleaning of quoted text belong here; signs and order follow the locale that
`spoken` sets for a page, while its language stays English. Choosing which number to show does
not, and escaping for HTML or Markdown is done by the templates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

NBSP = "\u00a0"
MINUS = "\u2212"
NOT_AVAILABLE = "n/a"

#: Units written behind every number of an axis.
SHORT_UNITS = {"minutes": "min", "hours": "h", "days": "d"}
MILLION = 1_000_000
#: Money from here on is printed without cents; a share below that gets a second decimal.
WITHOUT_CENTS = 100
SMALL_SHARE = 0.01

#: Units as the definitions spell them, and the one way each is printed.
UNITS = {
    "count": "count",
    "seconds": "seconds",
    "minutes": "minutes",
    "hours": "hours",
    "days": "days",
    "share": "share",
    "change": "share",
    "percent": "share",
    "ratio": "ratio",
    "rate": "ratio",
    "money": "money",
    "score": "ratio",
    "points": "points",
}

#: Categories of characters that control, turn or hide text and are none themselves.
INVISIBLE = ("Cc", "Cf", "Cs", "Co")
#: What a name may take up in a table or a chart.
LONGEST_LABEL = 80

SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

UNIT_NAMES = {
    "count": "number",
    "seconds": "seconds, printed as hours",
    "minutes": "minutes",
    "hours": "hours",
    "days": "days",
    "share": "per cent",
    "ratio": "ratio",
    "points": "points",
    "money": "money",
}

NULL_REASONS = {
    "no_source": "no data from this source in the period",
    "no_cases": "no cases in the period",
    "too_few": "too few answers to show",
    "too_young": "too recent to judge",
    "no_previous": "no earlier period to compare with",
    "not_additive": "the same people are in several parts, so there is no sum",
    "not_published": "not in the published scorecard",
}

STATUS_WORDS = {
    "green": "On target",
    "amber": "Close to target",
    "red": "Off target",
    "grey": "No verdict",
}


DEFAULT_LOCALE = "en_US"


@dataclass(frozen=True)
class Manner:
    """How numbers, money and days are written: a locale such as `en_US`, and a currency."""

    locale: str = DEFAULT_LOCALE
    currency: str = ""


_manner: ContextVar[Manner] = ContextVar("manner", default=Manner())  # noqa: B039


@contextmanager
def spoken(locale: str, currency: str = "") -> Iterator[None]:
    """Within this, numbers and days are written as in a locale, money in a currency."""
    token = _manner.set(Manner(locale, currency))
    try:
        yield
    finally:
        _manner.reset(token)


def locale_name() -> str:
    """The locale that numbers are written for."""
    return _manner.get().locale


@cache
def _locale(name: str) -> Any:
    from babel import Locale

    return Locale.parse(name)


@cache
def _english(name: str) -> Any:
    """English as it is written in the locale's country: days then read like the page around."""
    from babel import Locale, UnknownLocaleError

    territory = _locale(name).territory
    try:
        return Locale.parse(f"en_{territory}" if territory else "en")
    except UnknownLocaleError:
        return Locale.parse("en_001")


def _signed(text: str, value: float) -> str:
    return f"{MINUS}{text}" if value < 0 else text


def _plain(value: float, decimals: int) -> str:
    """A number without its sign, grouped and parted as the locale does it."""
    from babel.numbers import format_decimal

    locale = _locale(locale_name())
    whole = locale.decimal_formats[None].pattern.partition(".")[0]
    pattern = whole + ("." + "0" * decimals if decimals else "")
    return format_decimal(abs(round(value, decimals)), format=pattern, locale=locale)


def _grouped(value: float, decimals: int) -> str:
    rounded = round(value, decimals)
    return _signed(_plain(rounded, decimals), rounded)


def _percent(text: str) -> str:
    """The sign of per cent put to a number as the locale does it: `5%`, `5 %`, `%5`."""
    pattern = _locale(locale_name()).percent_formats[None].pattern
    before, after = re.split(r"[#0.,]+", pattern.partition(";")[0], maxsplit=1)
    return f"{before}{text}{after}".replace(" ", NBSP)


def _money(value: float) -> str:
    """Whole units of the currency; from a hundred down with cents, if there are any."""
    from babel.numbers import format_currency

    decimals = 0 if abs(value) >= WITHOUT_CENTS or round(value, 2).is_integer() else 2
    rounded = round(value, decimals)
    manner = _manner.get()
    if not manner.currency:
        return _grouped(value, decimals)
    locale = _locale(manner.locale)
    pattern = locale.currency_formats["standard"].pattern.partition(";")[0]
    pattern = re.sub(r"0\.0+", "0" + ("." + "0" * decimals if decimals else ""), pattern)
    text = format_currency(
        abs(rounded), manner.currency, format=pattern, locale=locale, currency_digits=False
    )
    return _signed(text.replace(" ", NBSP), rounded)


def duration(hours: float) -> str:
    """Hours in prose: `2 h 31 min`; under an hour `34 min`; from 100 h on whole hours."""
    minutes = round(abs(hours) * 60)
    if minutes == 0 and hours != 0:
        return _signed(f"{max(1, round(abs(hours) * 3600))}{NBSP}s", hours)
    whole, rest = divmod(minutes, 60)
    if whole >= 100:
        text = f"{_plain(abs(hours), 0)}{NBSP}h"
    elif whole == 0:
        text = f"{rest}{NBSP}min"
    elif rest == 0:
        text = f"{whole}{NBSP}h"
    else:
        text = f"{whole}{NBSP}h{NBSP}{rest:02d}{NBSP}min"
    return _signed(text, hours)


def number(value: float, unit: str, style: str = "table") -> str:
    """One value in its unit. `style` is `table` (2.5 h) or `prose` (2 h 31 min).

    Counts that carry fractions (shared credit) keep one decimal; a share under one per cent keeps
    two, because 0.3% and 0.34% are different engagement rates.
    """
    kind = UNITS.get(unit, "count")
    if kind == "hours":
        return duration(value) if style == "prose" else f"{_grouped(value, 1)}{NBSP}h"
    if kind == "seconds":
        return number(value / 3600, "hours", style)
    if kind == "minutes":
        return duration(value / 60) if style == "prose" else f"{_grouped(value, 1)}{NBSP}min"
    if kind == "days":
        return f"{_grouped(value, 1)}{NBSP}d"
    if kind == "points":
        return _grouped(value, 1)
    if kind == "share":
        decimals = 2 if 0 < abs(value) < SMALL_SHARE else 1
        rounded = round(100 * value, decimals)
        return _signed(_percent(_plain(rounded, decimals)), rounded)
    if kind == "ratio":
        return _grouped(value, 2)
    if kind == "money":
        return _money(value)
    return _grouped(value, 0 if float(value).is_integer() else 1)


def axis_number(value: float, unit: str) -> str:
    """A round number at an axis: `4 h`, `25%`, `1.5 M`, with no more decimals than it has."""
    kind = UNITS.get(unit, "count")
    if kind == "share":
        return _signed(_percent(_shortest(100 * value)), value)
    if kind in ("count", "money") and abs(value) >= MILLION:
        return _signed(f"{_shortest(value / MILLION)}{NBSP}M", value)
    ending = f"{NBSP}{SHORT_UNITS[kind]}" if kind in SHORT_UNITS else ""
    return _signed(_shortest(value), value) + ending


def _shortest(value: float) -> str:
    from babel.numbers import format_decimal

    locale = _locale(locale_name())
    whole = locale.decimal_formats[None].pattern.partition(".")[0]
    return format_decimal(abs(round(value, 6)), f"{whole}.######", locale=locale)


#: Beyond ten times the old value a percentage says less than the difference itself.
LARGEST_PERCENTAGE = 10


def difference(now: float, before: float, unit: str, style: str = "table") -> str:
    """The change from `before` to `now`, signed: `+2.1 pp`, `−34 min`, `+8.3%`."""
    kind = UNITS.get(unit, "count")
    change = now - before
    if kind == "share":
        decimals = 2 if max(abs(now), abs(before)) < 0.01 else 1
        text = f"{_plain(100 * change, decimals)}{NBSP}pp"
        nothing = round(100 * change, decimals) == 0
    elif kind in ("hours", "minutes"):
        hours = change if kind == "hours" else change / 60
        letter = "h" if kind == "hours" else "min"
        text = duration(abs(hours)) if style == "prose" else f"{_plain(change, 1)}{NBSP}{letter}"
        nothing = round(hours * 60) == 0 if style == "prose" else round(change, 1) == 0
    elif kind in ("days", "points"):
        text = f"{_plain(change, 1)}{NBSP}{'d' if kind == 'days' else 'points'}"
        nothing = round(change, 1) == 0
    elif kind == "ratio" or before == 0 or abs(change / before) > LARGEST_PERCENTAGE:
        decimals = 2 if kind == "ratio" else 0
        text = _plain(change, decimals)
        nothing = round(change, decimals) == 0
    else:
        text = _percent(_plain(100 * change / before, 1))
        nothing = round(100 * change / before, 1) == 0
    if nothing:
        return "no change"
    return f"{MINUS if change < 0 else '+'}{text}"


def verdict(now: float, before: float, direction: str) -> str:
    """`better`, `worse` or `` (no judgement) for a change, given which way is good."""
    if now == before or direction not in ("up", "down"):
        return ""
    return "better" if (now > before) == (direction == "up") else "worse"


def verb(now: float, before: float) -> str:
    """What the number did: rose, fell or stayed."""
    if now == before:
        return "stayed"
    return "rose" if now > before else "fell"


def target(value: float, unit: str, direction: str) -> str:
    """A target in words: `at most 4 h`, `at least 90.0%`."""
    bound = {"down": "at most ", "up": "at least "}.get(direction, "")
    return f"{bound}{number(value, unit, style='prose')}"


def short(value: float, unit: str) -> str:
    """A round number without empty decimals, for the margin of a chart: `90%`, `4 h`."""
    if UNITS.get(unit, "count") == "share" and round(1000 * value) % 10 == 0:
        return axis_number(round(value, 2), unit)
    return number(value, unit, style="prose")


def null_reason(code: str | None) -> str:
    """The reason of a missing value in words; an unknown code is shown as it is, spaced."""
    if not code:
        return "no reason was recorded"
    return NULL_REASONS.get(code, code.replace("_", " "))


def status(code: str | None) -> str:
    """The status in words."""
    return STATUS_WORDS.get(code or "grey", STATUS_WORDS["grey"])


def plain(value: str) -> str:
    """A code such as `feature_request` as a reader would write it."""
    text = clean(value).replace("_", " ").strip()
    return text[:1].upper() + text[1:] if text else "(empty)"


def is_code(value: str) -> bool:
    """Whether text is a code such as `feature_request`, which readers see in plain words."""
    return re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", value) is not None


def label(text: str) -> str:
    """Text from outside as a name in a table or a chart: cleaned, and of a bearable length."""
    return trimmed(text, LONGEST_LABEL) or "(empty)"


def unit_name(unit: str) -> str:
    """What a unit is called."""
    return UNIT_NAMES[UNITS.get(unit, "count")]


def small(count: int) -> str:
    """A small whole number as a word, as prose has it: `two`, `eleven`, then digits."""
    return SMALL[count] if 0 <= count < len(SMALL) else number(count, "count")


def joined(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def day(value: date) -> str:
    """`April 15, 2026` or `15 April 2026`: in English, in the order of the locale's country."""
    from babel.dates import format_date

    return format_date(value, "long", locale=_english(locale_name())).replace(" ", NBSP, 1)


def plural(count: float, one: str, many: str | None = None) -> str:
    """`1 file`, `2 files`."""
    noun = one if count == 1 else (many or f"{one}s")
    return f"{number(count, 'count')}{NBSP}{noun}"


def visible(text: str) -> str:
    """Text without control and direction-changing characters; lines and hard spaces stay."""
    if text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in "\n\u200d" or unicodedata.category(character) not in INVISIBLE
    )


def clean(text: str) -> str:
    """Text from outside on one line, without control and direction-changing characters."""
    kept = "".join(
        " " if character in "\t\n\r\v\f\x85\u2028\u2029" else character
        for character in text
        if character in "\t\n\r\v\f\x85\u2028\u2029\u200d"
        or unicodedata.category(character) not in INVISIBLE
    )
    return re.sub(r"\s+", " ", kept).strip()


def trimmed(text: str, limit: int) -> str:
    """Cleaned text of at most `limit` characters, cut at a word with an ellipsis."""
    cleaned = clean(text)
    if len(cleaned) <= limit:
        return cleaned
    head = cleaned[: limit - 1]
    cut = head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head
    return f"{cut.rstrip(' ,;:.')}…"
