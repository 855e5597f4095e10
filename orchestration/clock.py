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
    return as_of_of(context.instance, context.run.run_id, settings)


def as_of_of(instance: dg.DagsterInstance, run_id: str, settings: Settings) -> datetime:
    """The same for a run by its id, for what looks at a run from outside its steps."""
    if settings.as_of is not None:
        return settings.as_of.replace(microsecond=0)
    record = instance.get_run_record_by_id(run_id)
    return record.create_timestamp.astimezone(UTC).replace(microsecond=0)
