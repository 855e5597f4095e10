"""The reviews as Dagster assets, one partition a period.

Partitions and metadata belong here. What a review shows is decided in the module of its cadence.
"""

# No postponed annotations here: Dagster looks at the annotation of `context` itself.

from collections.abc import Iterable
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from orchestration.settings import Settings

GROUP = "reviews"

# The quarters there are numbers for. Publishing adds them: no clock decides which reviews exist.
QUARTERS = dg.DynamicPartitionsDefinition(name="quarters")


def review_assets(settings: "Settings", deps: Iterable[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """The quarterly health report, from the published snapshot."""

    @dg.asset(
        key=["reviews", "quarterly"],
        deps=deps,
        partitions_def=QUARTERS,
        group_name=GROUP,
        kinds={"html"},
        description="The health report of a quarter: page, Markdown and every number shown.",
    )
    def quarterly(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        from orchestration.reviews.quarterly import write_quarterly_review

        paths = write_quarterly_review(settings.data_dir, context.partition_key)
        return dg.MaterializeResult(
            metadata={
                "page": dg.MetadataValue.path(paths.html),
                "markdown": dg.MetadataValue.path(paths.markdown),
                "numbers": dg.MetadataValue.path(paths.numbers),
            }
        )

    return [quarterly]
