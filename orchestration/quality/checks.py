"""The suites as blocking Dagster asset checks, one for each mart and suite.

Turning outcomes into a check result belongs here: passed, warned, failed, and with what message. A
check that crashed is none of these: it raises, and the run fails as an error of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.quality.expectations import Expectation, expectations

if TYPE_CHECKING:
    from orchestration.quality.runner import Outcome
    from orchestration.settings import Settings


def quality_checks(
    settings: Settings, keys: Mapping[str, dg.AssetKey], pool: str
) -> list[dg.AssetChecksDefinition]:
    """A check for every (mart, suite) that has expectations.

    Args:
        settings: where the warehouse and the published snapshot are.
        keys: the asset of each mart by its table name.
        pool: the pool of everything that opens the warehouse.
    """
    suites: dict[tuple[str, str], list[Expectation]] = {}
    for expectation in expectations():
        suites.setdefault((expectation.table, expectation.suite), []).append(expectation)
    return [
        _check(settings, keys[table], suite, rules, pool)
        for (table, suite), rules in suites.items()
    ]


def verdict(outcomes: Sequence[Outcome]) -> dg.AssetCheckResult:
    """One check result of a suite's outcomes: failed by any error, else warned by any warning."""
    broken = [outcome for outcome in outcomes if not outcome.held]
    is_error = any(outcome.expectation.severity == "error" for outcome in broken)
    lines = [line for outcome in broken for line in outcome.lines()]
    return dg.AssetCheckResult(
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description="\n".join(lines) or f"all {len(outcomes)} expectations held",
        metadata={
            "expectations": len(outcomes),
            "broken": len(broken),
            "outcomes": dg.MetadataValue.md(
                "\n".join(f"- {outcome.lines()[0]}" for outcome in outcomes)
            ),
        },
    )


def _check(
    settings: Settings,
    key: dg.AssetKey,
    suite: str,
    rules: Sequence[Expectation],
    pool: str,
) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=key,
        name=suite,
        blocking=True,
        pool=pool,
        description="\n".join(f"- {e.name} ({e.severity}): {e.why}" for e in rules),
    )
    def check() -> dg.AssetCheckResult:
        # The import takes seconds, so the code location must not pay for it.
        from orchestration.quality.runner import evaluate

        return verdict(evaluate(settings, rules))

    return check
