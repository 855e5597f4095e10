"""What models say about recomputing themselves: read from dbt's own manifest.

Whether the numbers come out the same is tested where builds run (`tests/delta`), not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

PLACEHOLDER = re.compile(r"\{([\w.]+)\}")
CLOCK = {"as_of", "previous_as_of"}


def taught(manifest: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for node in manifest["nodes"].values():
        recompute = node["config"].get("meta", {}).get("recompute")
        if recompute:
            yield node, recompute


def input_names(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> set[str]:
    names = set()
    for parent in node["depends_on"]["nodes"]:
        if parent.startswith("source."):
            source = manifest["sources"][parent]
            names.add(f"{source['source_name']}.{source['name']}")
        else:
            names.add(manifest["nodes"][parent]["name"])
    return names


def not_null_columns(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> set[str]:
    found = {
        name
        for name, column in node["columns"].items()
        if any(each["type"] == "not_null" for each in column.get("constraints", []))
    }
    for test in manifest["nodes"].values():
        kind = (test.get("test_metadata") or {}).get("name")
        if test.get("attached_node") == node["unique_id"] and kind == "not_null":
            found.add(test["column_name"])
    return found


def names_the_as_of(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> bool:
    seen, waiting = set(), list(node["depends_on"]["macros"])
    while waiting:
        macro = waiting.pop()
        if macro not in seen:
            seen.add(macro)
            waiting += manifest["macros"][macro]["depends_on"]["macros"]
    return any(macro.endswith(".as_of") for macro in seen)


def texts(recompute: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Every SQL text, with the names it may use beside its inputs."""
    for told in recompute["inputs"].values():
        if isinstance(told, Mapping):
            if isinstance(told["touch"], str):
                yield told["touch"], {"this", "changed", *CLOCK}
            if isinstance(told["read"], str) and told["read"] != "all":
                yield told["read"], {"this", "touched", *CLOCK}
    ripens = recompute.get("ripens", [])
    for text in [ripens] if isinstance(ripens, str) else ripens:
        if text != "never":
            yield text, {"this", *CLOCK}


def test_models_that_grow_with_messages_are_taught(manifest) -> None:
    names = {node["name"] for node, _ in taught(manifest)}
    assert {"int_conversation_items", "int_messages_unioned", "fct_replies"} <= names


def test_every_model_is_a_table(manifest) -> None:
    """Whatever is no table leaves no record of what changed, and what follows would rest."""
    others = {
        node["name"]: node["config"]["materialized"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["materialized"] != "table"
    }
    assert others == {}


def test_units_are_columns_that_are_never_null(manifest) -> None:
    wrong = [
        f"{node['name']}: {column}"
        for node, recompute in taught(manifest)
        for column in recompute["by"]
        if column not in not_null_columns(manifest, node)
    ]
    assert wrong == []


def test_what_is_named_is_read(manifest) -> None:
    wrong = []
    for node, recompute in taught(manifest):
        inputs = input_names(manifest, node)
        wrong += [f"{node['name']}: {each}" for each in set(recompute["inputs"]) - inputs]
        for text, words in texts(recompute):
            unknown = set(PLACEHOLDER.findall(text)) - inputs - words
            wrong += [f"{node['name']}: {{{each}}}" for each in unknown]
    assert wrong == []


def test_an_input_named_by_columns_names_one_for_each_of_the_unit(manifest) -> None:
    wrong = []
    for node, recompute in taught(manifest):
        for name, told in recompute["inputs"].items():
            ways = [told["touch"], told["read"]] if isinstance(told, Mapping) else [told]
            wrong += [
                f"{node['name']}: {name}"
                for way in ways
                if isinstance(way, list) and len(way) != len(recompute["by"])
            ]
    assert wrong == []


def test_what_names_the_as_of_says_what_ripens_and_nothing_else_does(manifest) -> None:
    wrong = [
        node["name"]
        for node, recompute in taught(manifest)
        if ("ripens" in recompute) != names_the_as_of(manifest, node)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("said", "unknown"),
    [("semi join {changed} using (a)", set()), ("select a from {int_b} as b", {"int_b"})],
)
def test_a_name_in_braces_is_found(said: str, unknown: set[str]) -> None:
    recompute = {"inputs": {"int_a": {"touch": said, "read": "all"}}}
    ((text, words),) = texts(recompute)
    assert set(PLACEHOLDER.findall(text)) - {"int_a"} - words == unknown
