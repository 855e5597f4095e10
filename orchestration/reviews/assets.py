"""The reviews as Dagster assets, one partition a period.

Partitions and metadata belong here. What a review shows is decided in the module of its cadence.
"""

# No postponed annotations here: Dagster looks at the annotation of `context` itself.

from collections.abc import Iterable
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.closing import archive, delivery
from orchestration.history import record_review
from orchestration.reviews.cadences import CADENCES, Cadence
from orchestration.reviews.periods import period_named

if TYPE_CHECKING:
    from orchestration.reviews.pages import ReviewPaths
    from orchestration.settings import Settings

GROUP = "reviews"

# The periods there are numbers for. Publishing adds them: no clock decides which reviews exist.
PARTITIONS = {
    cadence.period_kind: dg.DynamicPartitionsDefinition(name=cadence.partitions)
    for cadence in CADENCES
}


def review_assets(settings: "Settings", deps: Iterable[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """A review per cadence, from the published snapshot."""
    after = list(deps)
    return [_review_asset(settings, cadence, after) for cadence in CADENCES]


def _review_asset(
    settings: "Settings", cadence: Cadence, deps: list[dg.AssetKey]
) -> dg.AssetsDefinition:
    @dg.asset(
        key=["reviews", cadence.name],
        deps=deps,
        partitions_def=PARTITIONS[cadence.period_kind],
        group_name=GROUP,
        kinds={"html"},
        description=cadence.description,
    )
    def review(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        from orchestration.closing import review as closed_review
        from orchestration.reviews import monthly, quarterly, weekly, writing
        from orchestration.reviews.serving import Snapshot

        closing = archive.find(settings.data_dir, cadence.period_kind, context.partition_key)
        if closing is not None:
            return _told(closed_review.put_back(settings.data_dir, closing), is_closed=True)

        plans = {module.PLAN.cadence: module.PLAN for module in (weekly, monthly, quarterly)}
        label = context.partition_key
        # What is recorded is of the snapshot that is on the page: it is opened once.
        with Snapshot(settings.data_dir) as snapshot:
            publication = snapshot.publication()
            paths = writing.write_from(snapshot, plans[cadence], label, settings.locale)
            # Closed since: a closing first is there and then places its review, so one of the two
            # comes after both and leaves the closed one.
            closing = archive.find(settings.data_dir, cadence.period_kind, label)
            if closing is not None:
                return _told(closed_review.put_back(settings.data_dir, closing), is_closed=True)
            period = period_named(cadence.period_kind, label, publication.fiscal_year_start_month)
            record_review(
                settings.data_dir,
                publication.as_of_at,
                cadence.name,
                period.starts_on,
                publication.snapshot_id,
            )
            delivery.record(settings, snapshot.path, publication, period)
        return _told(paths, is_closed=False)

    return review


def _told(paths: "ReviewPaths", *, is_closed: bool) -> dg.MaterializeResult:
    """Where a review is; that of a closed period is put back as it was and never written anew."""
    return dg.MaterializeResult(
        metadata={
            "is_closed": is_closed,
            "page": dg.MetadataValue.path(paths.html),
            "markdown": dg.MetadataValue.path(paths.markdown),
            "numbers": dg.MetadataValue.path(paths.numbers),
        }
    )
