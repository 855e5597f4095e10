"""Building the warehouse: seeds, models and their data tests.

Which nodes are built, in which order and how belongs here. Telling Dagster does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings
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
    on_event: Callable[[EventMsg], None] | None = None,
) -> Any:
    """Build seeds and models and run their data tests; unit tests belong to `make test`.

    Parsing apart from building keeps dbt's parse cache warm: variables are part of its key, and the
    as-of differs from run to run.
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
    return invoke(settings, command, as_of=as_of, manifest=manifest, on_event=on_event)
