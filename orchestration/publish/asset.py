"""The published snapshot as a Dagster asset, which refuses what its own run has not checked.

Counting checks and telling Dagster what was published belongs here. Writing and switching does not.
"""

# No postponed annotations here: Dagster looks at the annotation of `context` itself.

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from orchestration import freshness
from orchestration.clock import as_of_of_run
from orchestration.errors import PublishError
from orchestration.history import record_run
from orchestration.publish.embedded import SERVING_FILE
from orchestration.publish.periods import periods_with_numbers
from orchestration.publish.provenance import Run, code_version
from orchestration.publish.stores import publish
from orchestration.publish.tables import published_tables
from orchestration.settings import Settings
from orchestration.warehouse import reporting_currency


def publication_asset(
    settings: Settings,
    manifest: Mapping[str, Any],
    *,
    deps: Iterable[dg.AssetKey],
    checks: Iterable[dg.AssetCheckKey],
    periods: Mapping[str, dg.DynamicPartitionsDefinition],
    pool: str,
) -> dg.AssetsDefinition:
    """The published snapshot. It refuses to publish what its own run has not checked.

    Args:
        settings: where the warehouse and serving are.
        manifest: says which tables are published.
        deps: the assets of these tables.
        checks: every check that must have passed in the same run.
        periods: the partitions of the reviews by kind of period; new periods are added.
        pool: the pool of everything that opens the warehouse.
    """
    required = frozenset(checks)

    @dg.asset(
        key=["serving", "publication"],
        deps=deps,
        group_name="serving",
        kinds={"duckdb", "parquet"},
        freshness_policy=freshness.DAILY,
        pool=pool,
        description="Each row is the snapshot readers have: audited marts as one DuckDB file, as "
        "Parquet and, where one is set, in PostgreSQL, switched to in one step.",
    )
    def publication(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        record_run(context.instance, context.run.run_id, settings)
        snapshot = publish(
            settings,
            published_tables(manifest),
            Run(
                run_id=context.run.run_id,
                as_of=as_of_of_run(context, settings),
                code_version=code_version(),
                checks_passed=_count_passed(context, required),
                reporting_currency=reporting_currency(),
            ),
        )
        for kind, labels in periods_with_numbers(settings).items():
            context.instance.add_dynamic_partitions(periods[kind].name, labels)
        return dg.MaterializeResult(
            metadata={
                "snapshot_id": snapshot.snapshot_id,
                "is_new": snapshot.is_new,
                "stores": ", ".join(snapshot.stores),
                "tables": len(snapshot.rows),
                "dagster/row_count": sum(snapshot.rows.values()),
                "rows": dg.MetadataValue.json(dict(snapshot.rows)),
                "path": dg.MetadataValue.path(settings.serving_dir / SERVING_FILE),
            }
        )

    return publication


def _count_passed(context: dg.AssetExecutionContext, required: frozenset[dg.AssetCheckKey]) -> int:
    """How many checks passed in this run.

    Raises:
        PublishError: a required check was not evaluated in this run, or did not pass.
    """
    evaluations = [
        entry.get_dagster_event().asset_check_evaluation_data
        for entry in context.instance.all_logs(
            context.run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        )
    ]
    held = {
        evaluation.asset_check_key
        for evaluation in evaluations
        if evaluation.passed or evaluation.severity == dg.AssetCheckSeverity.WARN
    }
    missing = sorted(key.to_user_string() for key in required - held)
    if missing:
        raise PublishError(
            f"{len(missing)} checks have not passed in this run, so nothing is published: "
            f"{', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}. "
            "Run the whole refresh job: it builds, checks and publishes together."
        )
    return sum(evaluation.passed for evaluation in evaluations)
