"""Nodes of a build by delta that cannot have changed: dbt passes over them.

Which these are, and how dbt is kept from preparing them, belongs here. How a node that may have
changed is built is in `dbt_project/macros/delta`.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orchestration.warehouse.delta import DELTA, Plan

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# The macro that names the as-of: a model asks the clock by it and by nothing else.
AS_OF = ".as_of"


@contextmanager
def passed_over(manifest: Manifest, plan: Plan) -> Iterator[None]:
    """dbt's builds, with nodes passed over whose inputs and clock have not moved.

    dbt makes every node two contexts of 680 macros, a connection and a transaction before the first
    word of its SQL: some 40 ms, to find out that there is nothing to do. A node that is passed over
    is told of like any other. Of dbt this takes the table of runners of its build.
    """
    if plan.mode != DELTA:
        yield
        return
    from dbt.node_types import NodeType
    from dbt.task.build import BuildTask

    changed = {part.node_id for part in plan.new}
    moved = asking_the_clock(manifest) if plan.has_moved else frozenset()
    usual = BuildTask.RUNNER_MAP
    BuildTask.RUNNER_MAP = {
        **usual,
        **{kind: _passing(usual[kind], changed, moved) for kind in (NodeType.Model, NodeType.Seed)},
    }
    try:
        yield
    finally:
        BuildTask.RUNNER_MAP = usual


def asking_the_clock(manifest: Manifest) -> frozenset[str]:
    """Ids of the models whose SQL may name the as-of, by the macros they call."""
    asking = {macro for macro in manifest.macros if macro.endswith(AS_OF)}
    found: set[str] = set()
    while asking:
        found |= asking
        asking = {
            name
            for name, macro in manifest.macros.items()
            if name not in found and not asking.isdisjoint(macro.depends_on.macros)
        }
    return frozenset(
        node.unique_id
        for node in manifest.nodes.values()
        if not found.isdisjoint(node.depends_on.macros)
    )


def _passing(usual: type, changed: set[str], moved: Collection[str]) -> type:
    """A runner of dbt's that passes over nodes; `changed` is what has left a state so far."""
    from dbt.artifacts.schemas.run import RunResult, RunStatus

    class Runner(usual):
        def compile_and_execute(self, manifest: Manifest, ctx: Any) -> Any:
            node = self.node
            is_touched = not changed.isdisjoint(node.depends_on_nodes)
            if is_touched or node.unique_id in moved or not self._is_there():
                result = super().compile_and_execute(manifest, ctx)
                if self._has_left_a_state():
                    changed.add(node.unique_id)
                return result
            return RunResult(
                node=node,
                status=RunStatus.Success,
                timing=[],
                thread_id=threading.current_thread().name,
                execution_time=0.0,
                message="as it was",
                adapter_response={},
                failures=None,
                batch_results=None,
            )

        def _is_there(self) -> bool:
            node = self.node
            found = self.adapter.get_relation(node.database, node.schema, node.identifier)
            return found is not None and found.is_table

        def _has_left_a_state(self) -> bool:
            with self.adapter.connection_named(self.node.unique_id):
                _, told = self.adapter.execute(
                    f"select 1 from delta.states where node_id = '{self.node.unique_id}'",
                    fetch=True,
                )
            return len(told.rows) > 0

    return Runner
