"""Building the warehouse: seeds and models first, then their data tests.

Which nodes are built, in which order and how belongs here. Telling Dagster does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings
from orchestration.warehouse import checking, delta, unchanged
from orchestration.warehouse.invoking import invoke
from orchestration.warehouse.order import longest_way_first
from orchestration.warehouse.outcome import raise_on_failure, raise_on_verdicts
from orchestration.warehouse.parsing import take_parsed

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg


def build(
    settings: Settings,
    as_of: datetime,
    *,
    select: Sequence[str] | None = None,
    tests: Sequence[str] | None = None,
    full: bool = False,
    dates: tuple[datetime, datetime] | None = None,
    on_event: Callable[[EventMsg], None] | None = None,
    on_verdict: Callable[[checking.Verdict], None] | None = None,
) -> None:
    """Build seeds and models, then run their data tests; unit tests belong to `make test`.

    Parsing apart from building keeps dbt's parse cache warm: variables are part of its key, and the
    as-of differs from run to run.

    Args:
        settings: where everything is.
        as_of: the instant the numbers are as of.
        select: names of seeds and models; then they are built whole, and the next build builds
            everything. None for all of them, an empty list for tests alone.
        tests: names of data tests; None for all of them.
        full: build everything, whatever has changed since the last build.
        dates: parts of the lake with an instant in this half-open range of UTC count as new.
        on_event: is told what dbt says.
        on_verdict: is told what became of each test.

    Raises:
        ProjectError: dbt, a model or a test could not be run.
        AuditError: tests failed.
    """
    manifest = take_parsed(settings)
    if select is None or select:
        build_models(
            settings, as_of, manifest, select=select, full=full, dates=dates, on_event=on_event
        )
    check(settings, as_of, manifest, tests=tests, on_verdict=on_verdict)


def build_models(
    settings: Settings,
    as_of: datetime,
    manifest: Manifest,
    *,
    select: Sequence[str] | None = None,
    full: bool = False,
    dates: tuple[datetime, datetime] | None = None,
    on_event: Callable[[EventMsg], None] | None = None,
) -> Sequence[Any]:
    """Build seeds and models alone, and forget the verdicts on tables that changed.

    Returns:
        What dbt says of each node.

    Raises:
        ProjectError: dbt failed, or a model could not be built.
    """
    plan = delta.begin(settings, as_of, manifest, full=full or bool(select), dates=dates)
    with without_tests(manifest), unchanged.passed_over(manifest, plan), longest_way_first():
        result = invoke(
            settings,
            ["build", "--no-write-json", *(["--select", *select] if select else [])],
            as_of=as_of,
            variables=plan.variables(manifest),
            manifest=manifest,
            on_event=on_event,
        )
    # A build that fails leaves tables that nobody has judged.
    changed = delta.changed(settings, plan) if result.success else None
    checking.forget(settings, manifest, changed)
    raise_on_failure(result)
    if not select:
        delta.finish(settings, plan, manifest)
    return result.result.results


def check(
    settings: Settings,
    as_of: datetime,
    manifest: Manifest,
    *,
    tests: Sequence[str] | None = None,
    on_verdict: Callable[[checking.Verdict], None] | None = None,
) -> None:
    """Run data tests on the warehouse as it is built now.

    Raises:
        ProjectError: a test could not be run.
        AuditError: tests failed.
    """
    verdicts = []
    checks = checking.checks_of(settings, manifest, as_of, tests)
    for verdict in checking.evaluate(settings, checks, as_of):
        verdicts.append(verdict)
        if on_verdict is not None:
            on_verdict(verdict)
    raise_on_verdicts(settings, verdicts)


@contextmanager
def without_tests(manifest: Manifest) -> Iterator[None]:
    """The manifest as if the project had no test: dbt orders and walks through models alone."""
    nodes, unit_tests = manifest.nodes, manifest.unit_tests
    manifest.nodes = {key: node for key, node in nodes.items() if node.resource_type != "test"}
    manifest.unit_tests = {}
    try:
        yield
    finally:
        manifest.nodes, manifest.unit_tests = nodes, unit_tests
