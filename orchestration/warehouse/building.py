"""Building the warehouse: seeds, models and their data tests.

Which nodes are built, in which order and how belongs here. Telling Dagster does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings
from orchestration.warehouse import delta
from orchestration.warehouse.invoking import invoke
from orchestration.warehouse.parsing import take_parsed

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg


def build(
    settings: Settings,
    as_of: datetime,
    *,
    select: Sequence[str] = (),
    tests: str = "buildable",
    full: bool = False,
    dates: tuple[datetime, datetime] | None = None,
    on_event: Callable[[EventMsg], None] | None = None,
) -> Any:
    """Build seeds and models and run their data tests; unit tests belong to `make test`.

    Parsing apart from building keeps dbt's parse cache warm: variables are part of its key, and the
    as-of differs from run to run.

    Args:
        settings: where everything is.
        as_of: the instant the numbers are as of.
        select: names of nodes; then they are built whole, and the next build builds everything.
        tests: which tests go with selected nodes, in dbt's words.
        full: build everything, whatever has changed since the last build.
        dates: parts of the lake with an instant in this half-open range of UTC count as new.
        on_event: is told what dbt says.
    """
    command = [
        "build",
        "--exclude-resource-type=unit_test",
        f"--indirect-selection={tests}",
        "--no-write-json",
    ]
    if select:
        command += ["--select", *select]
    manifest = take_parsed(settings)
    plan = delta.begin(settings, as_of, manifest, full=full or bool(select), dates=dates)
    result = invoke(
        settings,
        command,
        as_of=as_of,
        variables=plan.variables(manifest),
        manifest=manifest,
        on_event=on_event,
    )
    if not select and _is_built(result):
        delta.finish(settings, plan)
    return result


def _is_built(result: Any) -> bool:
    """Whether every seed and model was built; a check may have failed at the very end."""
    made = getattr(result.result, "results", None) or []
    return bool(made) and all(
        str(done.status) == "success"
        for done in made
        if done.node.resource_type in ("model", "seed")
    )
