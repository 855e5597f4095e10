"""The as-of instant of a run: as set, else the start of the run.

Nothing but this belongs here, because nothing else may ask what time it is: every layer of a run is
given this one instant, so that the same inputs and the same as-of give the same numbers.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg

    from orchestration.settings import Settings


def as_of_of_run(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, settings: Settings
) -> datetime:
    """The instant the numbers of this run are true for, in UTC, whole seconds."""
    if settings.as_of is not None:
        return settings.as_of.replace(microsecond=0)
    record = context.instance.get_run_record_by_id(context.run.run_id)
    return record.create_timestamp.astimezone(UTC).replace(microsecond=0)
