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
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from orchestration.clock import as_of_of_run
from orchestration.errors import ProjectError
from orchestration.settings import Settings
from orchestration.warehouse.building import build
from orchestration.warehouse.outcome import raise_on_failure
from orchestration.warehouse.parsing import manifest_path

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg

# One process writes a DuckDB file, so everything that opens it for writing queues in this pool.
POOL = "warehouse"

UNIQUE_ID = "dagster_dbt/unique_id"
RESULT_EVENTS = {"LogModelResult", "LogSeedResult", "LogSnapshotResult", "LogTestResult"}


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
    def warehouse(context: dg.AssetExecutionContext) -> Iterator[Any]:
        select, tests = _selection(context, manifest)
        as_of = as_of_of_run(context, settings)
        messages: queue.SimpleQueue = queue.SimpleQueue()
        outcome: dict[str, Any] = {}

        # dbt blocks until it is done: it works in a thread, its events are yielded as they come.
        def work() -> None:
            try:
                outcome["result"] = build(
                    settings, as_of, select=select, tests=tests, on_event=messages.put
                )
            finally:
                messages.put(None)

        thread = threading.Thread(target=work, name="dbt")
        thread.start()
        yield from _dagster_events(
            iter(messages.get, None), context=context, manifest=manifest, translator=translator
        )
        thread.join()
        if "result" not in outcome:
            raise ProjectError("dbt stopped without a result; its log is in <data>/dbt/logs.")
        raise_on_failure(settings, outcome["result"])

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
) -> tuple[list[str], str]:
    """What to pass to dbt for the assets and checks Dagster selected: names, indirect selection."""
    if not context.is_subset:
        return [], "buildable"
    definition = context.assets_def
    specs = [definition.get_asset_spec(key) for key in context.selected_asset_keys]
    checks = [definition.get_spec_for_check_key(key) for key in context.selected_asset_check_keys]
    names = [manifest["nodes"][spec.metadata[UNIQUE_ID]]["name"] for spec in [*specs, *checks]]
    return sorted(names), "empty"


def _dagster_events(
    messages: "Iterable[EventMsg]",
    *,
    context: dg.AssetExecutionContext,
    manifest: Mapping[str, Any],
    translator: DagsterDbtTranslator,
) -> Iterator[Any]:
    """What dbt says about nodes that are done, as Dagster's outputs and check results."""
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
    from google.protobuf.json_format import MessageToDict

    for message in messages:
        if message.info.name not in RESULT_EVENTS:
            continue
        event = DbtCoreCliEventMessage(
            raw_event=MessageToDict(message, preserving_proto_field_name=True),
            event_history_metadata={},
        )
        yield from event.to_default_asset_events(
            manifest=manifest, dagster_dbt_translator=translator, context=context
        )
