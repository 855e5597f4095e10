"""The semantic layer on what is published: MetricFlow, told where the marts are.

Handing MetricFlow the snapshot and running its commands belongs here. What a metric is does not:
`models/semantic/` says it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from orchestration.errors import ProjectError
from orchestration.publish import SERVING_FILE
from orchestration.settings import Settings
from orchestration.warehouse import manifest_path, target_dir

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.protocols.sql_client import SqlClient

SCHEMA = "marts"
SEMANTIC_MANIFEST = "semantic_manifest.json"


def run(settings: Settings, words: Sequence[str]) -> int:
    """Run a command of MetricFlow, such as `query`, on the published snapshot; its exit code.

    Raises:
        ProjectError: nothing is published yet, or the project does not parse.
    """
    import click
    from dbt_metricflow.cli import main

    # MetricFlow asks a package index for a newer version before each command: nothing here calls
    # out on its own.
    main.UpdateChecker = NoUpdates
    try:
        main.cli.main(list(words), "mf", standalone_mode=False, obj=configuration(settings))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def engine(settings: Settings) -> MetricFlowEngine:
    """MetricFlow over the published snapshot, for who asks from Python."""
    return configuration(settings).mf


def published_manifest(settings: Settings) -> Path:
    """A folder with the semantic manifest as MetricFlow looks for it, naming the published tables.

    dbt writes where it builds; readers have the same tables under one schema of the snapshot.
    """
    written = manifest_path(settings).with_name(SEMANTIC_MANIFEST)
    manifest = json.loads(written.read_text())
    spines = manifest["project_configuration"]["time_spines"]
    for node in [*manifest["semantic_models"], *spines]:
        relation = node["node_relation"]
        relation["schema_name"] = SCHEMA
        relation["database"] = None
        relation["relation_name"] = f"{SCHEMA}.{relation['alias']}"
    folder = target_dir(settings).with_name("semantics")
    target = folder / "target" / SEMANTIC_MANIFEST
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(manifest))
    return folder


def configuration(settings: Settings) -> Any:
    """What MetricFlow's commands ask for their project and their database."""
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration
    from dbt_metricflow.cli.dbt_connectors.dbt_config_accessor import dbtArtifacts
    from metricflow.engine.metricflow_engine import MetricFlowEngine

    path = settings.serving_dir / SERVING_FILE
    if not path.is_file():
        raise ProjectError(f"Nothing is published at {path} yet: run `make refresh` first.")
    folder = published_manifest(settings)

    class Published(CLIConfiguration):
        is_setup = True
        log_file_path = target_dir(settings).with_name("logs") / CLIConfiguration.LOG_FILE_NAME
        dbt_project_metadata = SimpleNamespace(project_path=folder)

        @cached_property
        def semantic_manifest(self) -> Any:
            return dbtArtifacts.build_semantic_manifest_from_dbt_project_root(folder)

        @cached_property
        def sql_client(self) -> SqlClient:
            return snapshot_client(path)

        @cached_property
        def mf(self) -> MetricFlowEngine:
            return MetricFlowEngine(self.semantic_manifest_lookup, self.sql_client)

    return Published()


def snapshot_client(path: Path) -> SqlClient:
    """MetricFlow's client of a DuckDB file that is only read."""
    import duckdb
    from metricflow.data_table.mf_table import MetricFlowDataTable
    from metricflow.protocols.sql_client import SqlClient, SqlEngine
    from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer

    class Snapshot(SqlClient):
        sql_engine_type = SqlEngine.DUCKDB
        sql_plan_renderer = DuckDbSqlPlanRenderer()

        def __init__(self) -> None:
            self.connection = duckdb.connect(str(path), read_only=True)

        def query(self, stmt: str, sql_bind_parameter_set: Any = None) -> MetricFlowDataTable:
            result = self.connection.execute(stmt)
            names = [column[0] for column in result.description]
            return MetricFlowDataTable.create_from_rows(names, result.fetchall())

        def execute(self, stmt: str, sql_bind_parameter_set: Any = None) -> None:
            self.connection.execute(stmt)

        def dry_run(self, stmt: str, sql_bind_parameter_set: Any = None) -> None:
            self.connection.execute(f"explain {stmt}")

        def close(self) -> None:
            self.connection.close()

        def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
            return f"${bind_parameter_key}"

    return Snapshot()


class NoUpdates:
    """In the place of MetricFlow's check for a newer version: it knows of none."""

    def check(self, package: str, version: str) -> None:
        """No newer version."""
