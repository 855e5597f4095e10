"""In which order a build takes up nodes that are ready: the longest way to the end goes first.

Only the order belongs here. What a node waits for is said by the models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx


@contextmanager
def longest_way_first() -> Iterator[None]:
    """dbt's builds, with the nodes first that most others come after, one after the other.

    dbt goes through the graph level by level, so short chains are done when the longest has half
    its way to go: a tenth of a full build then ran one model at a time. Of dbt this takes the
    scoring of its queue.
    """
    from dbt.graph.queue import GraphQueue

    usual = GraphQueue._get_scores
    GraphQueue._get_scores = _scored
    try:
        yield
    finally:
        GraphQueue._get_scores = usual


def ways(graph: nx.DiGraph) -> Mapping[str, int]:
    """The number of nodes on the longest way from each node to an end of the graph, itself too.

    Source: Hu's rule of the highest level first (T. C. Hu, Operations Research 9, 1961).
    """
    import networkx as nx

    found: dict[str, int] = {}
    for node in reversed(list(nx.topological_sort(graph))):
        found[node] = 1 + max((found[after] for after in graph.successors(node)), default=0)
    return found


def _scored(_: Any, graph: nx.DiGraph) -> dict[str, int]:
    """A queue's scores: the lowest goes first."""
    return {node: -length for node, length in ways(graph).items()}
