"""The compiled care models, run on rows made up by a test in a database in memory.

Compiling once, inserting typed rows in place of feeds and seeds, and running what follows from them
in order of dependency belong here. What the rows mean, and what should come out, do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from orchestration import warehouse
from orchestration.exports.lake import ensure_lake
from orchestration.settings import Settings

CATALOG = "warehouse"

MODELS_ONLY = ("--select=resource_type:model", "--indirect-selection=empty")

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Mutation = Callable[[str], str]


@dataclass
class Project:
    """Compiled SQL by model name, in an order that runs; schemas; the seeds of the repository."""

    sql: dict[str, str]
    schema: dict[str, str]
    parents: dict[str, set[str]]
    seeds: dict[str, pa.Table]

    def table(self, name: str) -> str:
        """The relation of a model or seed."""
        return f'"{CATALOG}"."{self.schema[name]}"."{name}"'

    def reads_lake(self, name: str) -> bool:
        """Whether a model reads files, which are gone once the empty build is done."""
        return "read_parquet(" in self.sql[name]

    def before(self, names: Iterable[str]) -> set[str]:
        """The models that some tables need, themselves included."""
        wanted = set(names)
        for name in reversed(self.sql):
            if name in wanted:
                wanted |= self.parents[name]
        return wanted


def compile_project(settings: Settings, manifest: Any, as_of: datetime) -> Project:
    """Every model compiled for one as-of, and the seeds as dbt types them."""
    ensure_lake(settings.data_dir)
    settings.warehouse_path.unlink(missing_ok=True)
    _run_dbt(settings, manifest, as_of, "seed")
    done = _run_dbt(settings, manifest, as_of, "compile", *MODELS_ONLY)
    nodes = {each.node.unique_id: each.node for each in done.results}
    names = {unique_id: node.name for unique_id, node in manifest.nodes.items()}
    project = Project({}, {}, {}, {})
    waiting = dict(nodes)
    while waiting:
        ready = [
            unique_id
            for unique_id, node in waiting.items()
            if not set(node.depends_on.nodes) & set(waiting)
        ]
        assert ready, f"models depend on each other in a circle: {sorted(waiting)}"
        for unique_id in ready:
            node = waiting.pop(unique_id)
            project.sql[node.name] = node.compiled_code
            project.schema[node.name] = node.schema
            project.parents[node.name] = {
                names[parent] for parent in node.depends_on.nodes if parent in names
            }
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        for node in manifest.nodes.values():
            if str(node.resource_type) == "seed":
                project.schema[node.name] = node.schema
                table = f'"{node.schema}"."{node.alias}"'
                project.seeds[node.name] = connection.sql(f"from {table}").to_arrow_table()
    settings.warehouse_path.unlink()
    return project


def _run_dbt(settings: Settings, manifest: Any, as_of: datetime, *command: str) -> Any:
    done = warehouse.invoke(settings, [*command, "--no-write-json"], as_of=as_of, manifest=manifest)
    failed = [f"{r.node.name}: {r.message}" for r in done.result or () if r.status == "error"]
    assert done.success, f"dbt {command[0]} fails: {done.exception or failed}"
    return done.result


class Warehouse:
    """A warehouse in memory, built from an empty lake and then from the rows of tests."""

    def __init__(self, project: Project, targets: Sequence[str]) -> None:
        self.project = project
        self.wanted = project.before(targets)
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute("set threads = 2")
        self.connection.execute("set preserve_insertion_order = false")
        self.connection.execute(f"attach ':memory:' as {CATALOG}")
        for schema in sorted(set(project.schema.values())):
            self.connection.execute(f'create schema "{CATALOG}"."{schema}"')
        for name in project.seeds:
            self._put_seed(name, ())
        self.mutations: Mapping[str, Mutation] = {}
        self.given: set[str] = set()
        self.touched: set[str] = set()
        self.stale: set[str] = set()
        for name in project.sql:
            if name in self.wanted:
                self._run(name)

    def build(self, rows: Rows) -> None:
        """Put rows in place of models and beside those of seeds; what follows runs when read.

        Args:
            rows: rows by name of table; the rows of a model replace what it would compute, those
                of a seed are added to the repository's. Columns left out are NULL.
        """
        for name in (self.touched - set(rows)) & set(self.project.seeds):
            self._put_seed(name, ())
        for name, new in rows.items():
            if name in self.project.seeds:
                self._put_seed(name, new)
            else:
                self._put_model(name, new)
        self.given = set(rows) & set(self.project.sql)
        self._spoil(set(rows) | self.touched)
        self.touched = set(rows)

    def mutate(self, mutations: Mapping[str, Mutation]) -> None:
        """Change the SQL of some models from now on; none undoes it."""
        changed = set(self.mutations) | set(mutations)
        self.mutations = mutations
        self._spoil(changed)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Every row of a table as it is after the last build."""
        needed = self.stale & self.project.before([name])
        for model in self.project.sql:
            if model in needed:
                self._run(model)
        self.stale -= needed
        found = self.connection.execute(f"select * from {self.project.table(name)}")
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    def _spoil(self, names: set[str]) -> None:
        """What some tables are, and what follows from them, must run again before it is read."""
        spoilt = set(names)
        for name in self.project.sql:
            if name in spoilt or self.project.parents[name] & spoilt:
                spoilt.add(name)
        self.stale |= (spoilt & self.wanted & set(self.project.sql)) - self.given
        self.stale -= self.given
        for name in self.stale & names:
            if self.project.reads_lake(name):
                self._put_model(name, ())
                self.stale.discard(name)

    def _run(self, name: str) -> None:
        sql = self.mutations.get(name, str)(self.project.sql[name])
        self.connection.execute(f"create or replace table {self.project.table(name)} as {sql}")

    def _put_seed(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        seed = self.project.seeds[name]
        self.connection.register("_seed", seed)
        table = self.project.table(name)
        self.connection.execute(f"create or replace table {table} as select * from _seed")
        self.connection.unregister("_seed")
        self._insert(name, rows)

    def _put_model(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.connection.execute(f"delete from {self.project.table(name)}")
        self._insert(name, rows)

    def _insert(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        columns = sorted({column for row in rows for column in row})
        table = pa.table({column: [row.get(column) for row in rows] for column in columns})
        self.connection.register("_new", table)
        self.connection.execute(
            f"insert into {self.project.table(name)} by name select * from _new"
        )
        self.connection.unregister("_new")
