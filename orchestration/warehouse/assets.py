"""The dbt project as Dagster assets, run by dbt inside this process.

Turning what dbt reports into materializations and checks belongs here. SQL, model names and what a
model means do not: they are read from the manifest. Calling dbt is `building.py`'s business.
"""

# No postponed annotations here: Dagster looks at the annotation of `context` itself.

import json
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from orchestration.clock import as_of_of_run
from orchestration.settings import Settings
from orchestration.warehouse.building import build
from orchestration.warehouse.checking import Verdict
from orchestration.warehouse.parsing import manifest_path
from orchestration.warehouse.request import BuildRequest

if TYPE_CHECKING:
    from dagster._core.execution.context.system import StepExecutionContext
    from dbt_common.events.base_types import EventMsg

# One process writes a DuckDB file, so everything that opens it for writing queues in this pool.
POOL = "warehouse"

UNIQUE_ID = "dagster_dbt/unique_id"
RESULT_EVENTS = {"LogModelResult", "LogSeedResult"}


class LayerTranslator(DagsterDbtTranslator):
    """Groups are the layers: the schema a model is built in names them."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> dg.AssetSpec:
        """The default spec, grouped by layer, its description without the SQL."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        return spec.replace_attributes(
            group_name=props["source_name"]
            if props["resource_type"] == "source"
            else props["schema"],
            description=props.get("description") or None,
        )


def warehouse_assets(settings: Settings) -> dg.AssetsDefinition:
    """All seeds and models as one multi-asset, with their data tests as checks."""
    manifest = with_attached_tests(json.loads(manifest_path(settings).read_text()))
    translator = LayerTranslator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="warehouse", pool=POOL)
    def warehouse(context: dg.AssetExecutionContext, config: BuildRequest) -> Iterator[Any]:
        as_of = as_of_of_run(context, settings)
        dates = config.dates(settings.reporting_zone)
        select, tests = _selection(context, manifest)
        told: queue.SimpleQueue = queue.SimpleQueue()
        outcome: dict[str, BaseException] = {}

        # dbt blocks until it is done: it works in a thread, what it says is yielded as it comes.
        def work() -> None:
            try:
                build(
                    settings,
                    as_of,
                    select=select,
                    tests=tests,
                    full=config.full,
                    dates=dates,
                    on_event=told.put,
                    on_verdict=told.put,
                )
            except BaseException as error:
                outcome["error"] = error
            finally:
                told.put(None)

        thread = threading.Thread(target=work, name="dbt")
        thread.start()
        yield from _dagster_events(
            iter(told.get, None), context=context, manifest=manifest, translator=translator
        )
        thread.join()
        if "error" in outcome:
            raise outcome["error"]

    return warehouse


def with_attached_tests(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with each test about several models attached to the one furthest downstream.

    dbt attaches generic tests only; a test without a model would not become a check.
    """
    parents = manifest["parent_map"]

    def ancestors(unique_id: str) -> set[str]:
        found: set[str] = set()
        left = [unique_id]
        while left:
            new = set(parents.get(left.pop(), ())) - found
            found |= new
            left += new
        return found

    for node in manifest["nodes"].values():
        upstream = node["depends_on"]["nodes"] if node["resource_type"] == "test" else []
        if len(upstream) > 1 and not node.get("attached_node"):
            node["attached_node"] = max(upstream, key=lambda each: (len(ancestors(each)), each))
    return manifest


def keys_by_table(
    assets: dg.AssetsDefinition, manifest: Mapping[str, Any]
) -> dict[str, dg.AssetKey]:
    """The asset of every seed and model by the name of its table."""
    return {manifest["nodes"][spec.metadata[UNIQUE_ID]]["alias"]: spec.key for spec in assets.specs}


def _selection(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any]
) -> tuple[list[str] | None, list[str] | None]:
    """Names of what Dagster selected: seeds and models, and data tests; None for all of them."""
    if not context.is_subset:
        return None, None
    definition = context.assets_def
    specs = [definition.get_asset_spec(key) for key in context.selected_asset_keys]
    checks = [definition.get_spec_for_check_key(key) for key in context.selected_asset_check_keys]

    def names(of: Iterable[dg.AssetSpec | dg.AssetCheckSpec]) -> list[str]:
        return sorted(manifest["nodes"][each.metadata[UNIQUE_ID]]["name"] for each in of)

    return names(specs), names(checks)


def _dagster_events(
    told: "Iterable[EventMsg | Verdict]",
    *,
    context: dg.AssetExecutionContext,
    manifest: Mapping[str, Any],
    translator: DagsterDbtTranslator,
) -> Iterator[Any]:
    """What dbt says about nodes that are done and the verdicts on tests, in Dagster's words."""
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
    from google.protobuf.json_format import MessageToDict

    step = context.get_step_execution_context()
    _know_outputs(step)
    selected = context.selected_asset_check_keys
    outputs = {
        spec.metadata[UNIQUE_ID]: (name, spec.key)
        for name, spec in context.assets_def.check_specs_by_output_name.items()
        if spec.key in selected
    }
    for each in told:
        if isinstance(each, Verdict):
            name, key = outputs.get(each.check.unique_id, ("", None))
            if key is not None and each.status != "error":
                yield dg.Output(None, output_name=name)
                yield _evaluation(step, key, each)
        elif each.info.name in RESULT_EVENTS:
            event = DbtCoreCliEventMessage(
                raw_event=MessageToDict(each, preserving_proto_field_name=True),
                event_history_metadata={},
            )
            yield from event.to_default_asset_events(
                manifest=manifest, dagster_dbt_translator=translator, context=context
            )


def _know_outputs(step: "StepExecutionContext") -> None:
    """Let a step work out the assets it makes once: Dagster does for each of them all over."""
    keys = step.get_output_asset_keys()
    step.get_output_asset_keys = lambda: keys


def _evaluation(
    step: "StepExecutionContext", key: dg.AssetCheckKey, verdict: Verdict
) -> dg.AssetCheckEvaluation:
    """A verdict as Dagster keeps it: a `dg.AssetCheckResult` would look through all checks first.

    Its output is to be yielded before it.
    """
    is_warning = verdict.status == "warn"
    metadata = {
        "unique_id": verdict.check.unique_id,
        "status": verdict.status,
        "dagster_dbt/failed_row_count": verdict.failures,
    }
    if verdict.kept_since is not None:
        metadata["unchanged_since"] = verdict.kept_since
    table = step.maybe_fetch_and_get_input_asset_version_info(key.asset_key)
    is_built = table and table.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION
    return dg.AssetCheckEvaluation(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=verdict.status == "pass",
        severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
        metadata=metadata,
        target_materialization_data=AssetCheckEvaluationTargetMaterializationData(
            run_id=table.run_id, storage_id=table.storage_id, timestamp=table.timestamp
        )
        if is_built
        else None,
    )
