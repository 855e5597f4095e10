"""Closing as Dagster sees it: the records that models compare with, and a job to close a period.

Partitions, configuration and metadata belong here. What closing is does not.
"""

# No postponed annotations here: Dagster looks at the annotations of an asset itself.

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.closing import records
from orchestration.closing.archive import CADENCES, REVIEW, SERVING
from orchestration.closing.close import close
from orchestration.history import record_specs
from orchestration.reviews.assets import PARTITIONS

if TYPE_CHECKING:
    from orchestration.settings import Settings

GROUP = "closings"
SOURCE = "closings"
DESCRIPTIONS = {
    "periods": "Each row is a month or quarter that was closed, or a week whose update was "
    "delivered.",
    "cells": "Each row is a scorecard cell as it was then.",
    "streams": "Each row is a stream as it was read by then.",
    "breaks": "Each row is a change of meaning that was known then.",
    "errata": "Each row is a restatement that the review of a closed period told.",
}


class HowToClose(dg.Config):
    """How a period is closed: `early` also while some of its numbers can move by themselves."""

    early: bool = False


def closing_records(settings: "Settings", group: str) -> dg.AssetsDefinition:
    """The records as assets: every closed period is verified and brought to the lake first."""

    @dg.multi_asset(
        name="closings__records",
        specs=record_specs(SOURCE, DESCRIPTIONS, group),
    )
    def closings() -> Iterator[dg.MaterializeResult]:
        records.bring_to_lake(settings.data_dir)
        for name, parts in records.counted(settings.data_dir).items():
            yield dg.MaterializeResult(
                asset_key=dg.AssetKey([SOURCE, name]), metadata={"records": parts}
            )

    return closings


def closing_assets(settings: "Settings", deps: Iterable[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """A closed month and a closed quarter, from the published snapshot."""
    after = list(deps)
    return [_closed_asset(settings, kind, after) for kind in CADENCES]


def _closed_asset(settings: "Settings", kind: str, deps: list[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(
        key=["closed", kind],
        deps=deps,
        partitions_def=PARTITIONS[kind],
        group_name=GROUP,
        kinds={"duckdb", "html"},
        description=f"A {kind} whose numbers, marts and review stay as they were published.",
    )
    def closed(context: dg.AssetExecutionContext, config: HowToClose) -> dg.MaterializeResult:
        closing = close(settings, context.partition_key, early=config.early)
        return dg.MaterializeResult(
            metadata={
                "snapshot_id": closing.told.snapshot_id,
                "is_early": closing.told.is_early,
                "files": len(closing.files),
                "folder": dg.MetadataValue.path(closing.folder),
                "marts": dg.MetadataValue.path(closing.path(SERVING)),
                "review": dg.MetadataValue.path(closing.path(REVIEW)),
            }
        )

    return closed
