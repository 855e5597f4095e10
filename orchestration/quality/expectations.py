"""What the KPI marts must look like before anybody sees them: one `Expectation` a rule.

The rules themselves are in `suites/`, one readable file a mart; finding and holding them belongs
here. How a file is read is in `loading.py`, how a rule is run in `runner.py`. A rule that a dbt
test can state about a single row of one model is no expectation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warn"]

SUITES = Path(__file__).with_name("suites")


@dataclass(frozen=True)
class Expectation:
    """One rule about one frame.

    Attributes:
        name: what holds, as a sentence; unique.
        table: the mart whose check this is part of.
        suite: the check: ranges, completeness, freshness, volume or drift.
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


@cache
def expectations() -> tuple[Expectation, ...]:
    """Every expectation there is, mart by mart in alphabetical order.

    Raises:
        DeclarationError: a file of `suites/` cannot be understood; the message names the place.
    """
    from orchestration.quality.loading import load

    return load(SUITES)
