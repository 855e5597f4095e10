"""The dbt project as Dagster assets, run by dbt inside this process.

Parsing the project, starting dbt and turning what it reports into materializations and checks
belongs here. SQL, model names and what a model means do not: they are read from the manifest.
"""

# No postponed annotations here: Dagster looks at the annotation of `context` itself.

import hashlib
import json
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from orchestration.clock import as_of_of_run
from orchestration.closing.rules import rules_version
from orchestration.errors import AuditError, ProjectError
from orchestration.settings import PROJECT_DIR, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

DBT_DIR = PROJECT_DIR / "dbt_project"
SOURCE_DIRS = (DBT_DIR, PROJECT_DIR / "models", PROJECT_DIR / "seeds")
SOURCE_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md"}

# One process writes a DuckDB file, so everything that opens it for writing queues in this pool.
POOL = "warehouse"

# How the profile and the sources learn which data folder it is.
DATA_DIR = "WAREHOUSE_DATA_DIR"
# What the engine may take before it works on disk; a refresh leaves room for others.
MEMORY_LIMIT = "DUCKDB_MEMORY_LIMIT"
MOST_MEMORY_MB = 6_000

UNIQUE_ID = "dagster_dbt/unique_id"
RESULT_EVENTS = {"LogModelResult", "LogSeedResult", "LogSnapshotResult", "LogTestResult"}
SAMPLE_ROWS = 5
SAMPLE_CHECKS = 10


# A manifest parsed for the graph serves the build that follows in the same process.
_parsed: dict[Path, "Manifest"] = {}


def target_dir(settings: Settings) -> Path:
    """Where dbt keeps the manifest and compiled SQL of this data folder."""
    return settings.data_dir / "dbt" / "target"


def manifest_path(settings: Settings) -> Path:
    """The manifest of the project as it is on disk now, parsed first where it has changed.

    Raises:
        ProjectError: the project does not parse.
    """
    path = target_dir(settings) / "manifest.json"
    stamp = path.with_name("project.sha256")
    found = _fingerprint(settings)
    if not (path.is_file() and stamp.is_file() and stamp.read_text() == found):
        _parsed[path] = parse(settings)
        stamp.write_text(found)
    return path


def parse(settings: Settings) -> "Manifest":
    """Parse the project and write its manifest.

    Raises:
        ProjectError: the project does not parse; the message is dbt's.
    """
    result = invoke(settings, ["parse"])
    if not result.success:
        raise ProjectError(f"The dbt project does not parse: {result.exception}")
    return result.result


def dbt_vars(settings: Settings, as_of: datetime) -> dict[str, Any]:
    """The variables every dbt command of a run gets."""
    return {
        "as_of": as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "reporting_zone": settings.reporting_zone,
        "fiscal_year_start_month": settings.fiscal_year_start_month,
        "week_start": settings.week_start,
        "rules_version": rules_version(settings),
    }


def reporting_currency() -> str:
    """The ISO code of the currency every amount of the marts is in."""
    import yaml

    project = yaml.safe_load((DBT_DIR / "dbt_project.yml").read_text())
    return project["vars"]["reporting_currency"]


def memory_limit() -> str:
    """Three fifths of this machine's memory, at most 6 GB, as DuckDB writes it."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{min(MOST_MEMORY_MB, physical * 3 // 5 // 1_000_000)}MB"


def invoke(
    settings: Settings,
    command: Sequence[str],
    *,
    as_of: datetime | None = None,
    manifest: "Manifest | None" = None,
    on_event: "Callable[[EventMsg], None] | None" = None,
) -> Any:
    """Run one dbt command inside this process and return its `dbtRunnerResult`.

    dbt's console output is off: callers report. Its log goes to `<data>/dbt/logs`.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    arguments = [
        *command,
        f"--project-dir={DBT_DIR}",
        f"--profiles-dir={DBT_DIR}",
        f"--target-path={target_dir(settings)}",
        f"--log-path={target_dir(settings).with_name('logs')}",
        "--log-level=none",
        "--log-level-file=info",
    ]
    if as_of is not None:
        arguments += ["--vars", json.dumps(dbt_vars(settings, as_of))]
    runner = dbtRunner(manifest=manifest, callbacks=[on_event] if on_event else [])
    before = os.environ.get(DATA_DIR)
    os.environ[DATA_DIR] = str(settings.data_dir)
    os.environ.setdefault(MEMORY_LIMIT, memory_limit())
    try:
        return runner.invoke(arguments)
    finally:
        # dbt keeps the file open until the process ends; checks and publishing read it before.
        DuckDBConnectionManager.close_all_connections()
        if before is None:
            del os.environ[DATA_DIR]
        else:
            os.environ[DATA_DIR] = before


def build(
    settings: Settings,
    as_of: datetime,
    *,
    select: Sequence[str] = (),
    tests: str = "buildable",
    on_event: "Callable[[EventMsg], None] | None" = None,
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
    manifest = _parsed.pop(target_dir(settings) / "manifest.json", None) or parse(settings)
    return invoke(settings, command, as_of=as_of, manifest=manifest, on_event=on_event)


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


def raise_on_failure(settings: Settings, result: Any) -> None:
    """Do nothing for a good result.

    Raises:
        ProjectError: dbt or a model failed.
        AuditError: data tests failed; the message names each, its table and some failing rows.
    """
    if result.success:
        return
    if result.exception is not None:
        raise ProjectError(f"dbt failed: {result.exception}")
    broken = [r for r in result.result.results if str(r.status) == "error"]
    if broken:
        lines = [f"{r.node.resource_type} {r.node.name}: {r.message}" for r in broken]
        raise ProjectError("\n".join(["dbt could not build everything.", *lines]))
    failed = [r for r in result.result.results if str(r.status) == "fail"]
    lines = [f"{len(failed)} checks failed; nothing is published, serving is as it was."]
    for r in failed[:SAMPLE_CHECKS]:
        lines += ["", f"{r.node.name}: {r.message}"]
        lines += [f"    {row}" for row in failing_rows(settings, r.node.compiled_code)]
    if len(failed) > SAMPLE_CHECKS:
        lines += ["", "Also failed: " + ", ".join(r.node.name for r in failed[SAMPLE_CHECKS:])]
    raise AuditError("\n".join(lines))


def failing_rows(settings: Settings, sql: str) -> list[str]:
    """The first rows a failed test returns, each as `column=value, …`."""
    import duckdb

    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        rows = connection.execute(f"select * from ({sql}\n) as failing limit {SAMPLE_ROWS}")
        names = [column[0] for column in rows.description]
        return [
            ", ".join(f"{name}={value!r}" for name, value in zip(names, row, strict=True))
            for row in rows.fetchall()
        ]


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


def _fingerprint(settings: Settings) -> str:
    """A digest of everything parsing depends on: the project's files and the data folder."""
    digest = hashlib.sha256(str(settings.data_dir).encode())
    for folder in SOURCE_DIRS:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SOURCE_SUFFIXES and "target" not in path.relative_to(folder).parts:
                digest.update(path.relative_to(PROJECT_DIR).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
