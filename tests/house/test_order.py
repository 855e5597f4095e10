"""The order in which a build takes up nodes: what most others wait for goes first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import networkx as nx
from dbt.graph.queue import GraphQueue

from orchestration.warehouse.order import longest_way_first, ways

#: A long chain that begins as deep as short ones end.
GRAPH = nx.DiGraph(
    [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("v", "w"), ("x", "y"), ("a", "y")]
)


class Manifest:
    """Every node is a model."""

    def expect(self, unique_id: str) -> Any:
        from dbt.node_types import NodeType

        return SimpleNamespace(
            unique_id=unique_id, resource_type=NodeType.Model, is_ephemeral=False, config=None
        )


def taken() -> list[str]:
    """The nodes as a queue of dbt gives them out, one at a time."""
    queue = GraphQueue(GRAPH.copy(), Manifest(), set(GRAPH))
    found = []
    while not queue.empty():
        found.append(queue.get().unique_id)
        queue.mark_done(found[-1])
    return found


def test_ways_are_as_long_as_the_longest() -> None:
    assert ways(GRAPH) == {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1, "v": 2, "w": 1, "x": 2, "y": 1}


def test_the_longest_way_is_begun_first_and_dbt_is_left_as_it_was() -> None:
    before = taken()
    with longest_way_first():
        assert taken() == ["a", "b", "c", "d", "v", "x", "e", "w", "y"]
    assert taken() == before != ["a", "b", "c", "d", "v", "x", "e", "w", "y"]


def test_nothing_is_taken_up_before_what_it_waits_for() -> None:
    with longest_way_first():
        found = taken()
    assert all(found.index(first) < found.index(then) for first, then in GRAPH.edges)
