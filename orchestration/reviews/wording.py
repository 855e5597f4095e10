"""How a number, a difference, a status or a missing value is said in words.

Formats, phrases and the cleaning of quoted text belong here. Choosing which number to show does
not, and escaping for HTML or Markdown is done by the templates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from orchestration.reviews.periods import MONTH_NAMES

NBSP = "\u00a0"
MINUS = "\u2212"
NOT_AVAILABLE = "n/a"

#: Units as the definitions spell them, and the one way each is printed.
UNITS = {
    "count": "count",
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

#: What a name may take up in a table or a chart.
LONGEST_LABEL = 80

SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

UNIT_NAMES = {
    "count": "number",
    "minutes": "minutes",
    "hours": "hours",
    "days": "days",
    "share": "per cent",
    "ratio": "ratio",
    "points": "points",
    "money": "money, in the currency of the exports",
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


def _signed(text: str, value: float) -> str:
    return f"{MINUS}{text}" if value < 0 else text


def _grouped(value: float, decimals: int) -> str:
    rounded = round(value, decimals)
    return _signed(f"{abs(rounded):,.{decimals}f}", rounded)


def duration(hours: float) -> str:
    """Hours in prose: `2 h 31 min`; under an hour `34 min`; from 100 h on whole hours."""
    minutes = round(abs(hours) * 60)
    if minutes == 0 and hours != 0:
        return _signed(f"{max(1, round(abs(hours) * 3600))}{NBSP}s", hours)
    whole, rest = divmod(minutes, 60)
    if whole >= 100:
        text = f"{round(abs(hours)):,}{NBSP}h"
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
    two, because 0.3 % and 0.34 % are different engagement rates.
    """
    kind = UNITS.get(unit, "count")
    if kind == "hours":
        return duration(value) if style == "prose" else f"{_grouped(value, 1)}{NBSP}h"
    if kind == "minutes":
        return duration(value / 60) if style == "prose" else f"{_grouped(value, 1)}{NBSP}min"
    if kind == "days":
        return f"{_grouped(value, 1)}{NBSP}d"
    if kind == "points":
        return _grouped(value, 1)
    if kind == "share":
        decimals = 2 if 0 < abs(value) < 0.01 else 1
        return f"{_grouped(100 * value, decimals)}{NBSP}%"
    if kind == "ratio":
        return _grouped(value, 2)
    if kind == "money":
        return _grouped(value, 0)
    return _grouped(value, 0 if float(value).is_integer() else 1)


#: Beyond ten times the old value a percentage says less than the difference itself.
LARGEST_PERCENTAGE = 10


def difference(now: float, before: float, unit: str, style: str = "table") -> str:
    """The change from `before` to `now`, signed: `+2.1 pp`, `−34 min`, `+8.3 %`."""
    kind = UNITS.get(unit, "count")
    change = now - before
    if kind == "share":
        decimals = 2 if max(abs(now), abs(before)) < 0.01 else 1
        text = f"{abs(100 * change):,.{decimals}f}{NBSP}pp"
        nothing = round(100 * change, decimals) == 0
    elif kind in ("hours", "minutes"):
        hours = change if kind == "hours" else change / 60
        letter = "h" if kind == "hours" else "min"
        text = duration(abs(hours)) if style == "prose" else f"{abs(change):,.1f}{NBSP}{letter}"
        nothing = round(hours * 60) == 0 if style == "prose" else round(change, 1) == 0
    elif kind in ("days", "points"):
        text = f"{abs(change):,.1f}{NBSP}{'d' if kind == 'days' else 'points'}"
        nothing = round(change, 1) == 0
    elif kind == "ratio" or before == 0 or abs(change / before) > LARGEST_PERCENTAGE:
        decimals = 2 if kind == "ratio" else 0
        text = f"{abs(change):,.{decimals}f}"
        nothing = round(change, decimals) == 0
    else:
        text = f"{abs(100 * change / before):,.1f}{NBSP}%"
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
    """A target in words: `at most 4 h`, `at least 90.0 %`."""
    bound = {"down": "at most ", "up": "at least "}.get(direction, "")
    return f"{bound}{number(value, unit, style='prose')}"


def short(value: float, unit: str) -> str:
    """A round number without empty decimals, for the margin of a chart: `90 %`, `4 h`."""
    return number(value, unit, style="prose").replace(f".0{NBSP}%", f"{NBSP}%")


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
    """`15 April 2026`, whatever the machine's language is."""
    return f"{value.day}{NBSP}{MONTH_NAMES[value.month - 1]} {value.year}"


def plural(count: float, one: str, many: str | None = None) -> str:
    """`1 file`, `2 files`."""
    noun = one if count == 1 else (many or f"{one}s")
    return f"{number(count, 'count')}{NBSP}{noun}"


def clean(text: str) -> str:
    """Text from outside on one line, without control and direction-changing characters."""
    kept = "".join(
        " " if character in "\t\n\r\v\f\x85\u2028\u2029" else character
        for character in text
        if character in "\t\n\r\v\f\x85\u2028\u2029\u200d"
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
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
