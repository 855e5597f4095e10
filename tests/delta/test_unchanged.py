"""dbt passes over nodes that cannot have changed, and over the events that nobody reads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from orchestration.warehouse import delta, invoking, unchanged
from tests.house.test_recompute import names_the_as_of


def test_the_clock_is_asked_by_the_models_that_may_name_the_as_of(
    manifest: dict[str, Any],
) -> None:
    """Directly, and by way of any macro."""

    def with_macros(node: dict[str, Any]) -> Any:
        depends_on = SimpleNamespace(macros=node["depends_on"].get("macros", []))
        return SimpleNamespace(unique_id=node["unique_id"], depends_on=depends_on)

    models = {k: n for k, n in manifest["nodes"].items() if n["resource_type"] == "model"}
    seen = SimpleNamespace(
        macros={name: with_macros(macro) for name, macro in manifest["macros"].items()},
        nodes={name: with_macros(node) for name, node in models.items()},
    )
    found = unchanged.asking_the_clock(seen)
    assert found == {name for name, node in models.items() if names_the_as_of(manifest, node)}
    assert 50 < len(found) < len(models) / 2
    # A model that read the variable itself would be passed over.
    assert [name for name, node in models.items() if "as_of'" in node["raw_code"]] == []
    assert [name for name, node in models.items() if 'var("as_of")' in node["raw_code"]] == []


def test_dbt_asks_its_table_of_runners_how_a_node_is_made() -> None:
    """What is taken of dbt; it is put back afterwards."""
    from dbt.node_types import NodeType
    from dbt.task.base import BaseRunner
    from dbt.task.build import BuildTask

    usual = dict(BuildTask.RUNNER_MAP)
    plan = delta.Plan(delta.DELTA, "a test", None, (), has_moved=False)
    with unchanged.passed_over(SimpleNamespace(macros={}, nodes={}), plan):
        for kind in (NodeType.Model, NodeType.Seed):
            runner = BuildTask.RUNNER_MAP[kind]
            assert issubclass(runner, usual[kind])
            assert usual[kind].compile_and_execute is BaseRunner.compile_and_execute
            assert "compile_and_execute" in vars(runner)
    assert usual == BuildTask.RUNNER_MAP


def test_debug_events_are_left_out_and_others_told() -> None:
    """By whatever level an event has, or is given."""
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager_client import add_callback_to_manager
    from dbt_common.events.functions import fire_event
    from dbt_common.events.types import Formatting, Note

    told = []
    with invoking.without_debug_events():
        add_callback_to_manager(lambda event: told.append(event.info.msg))
        fire_event(Note(msg="for debugging"), level=EventLevel.DEBUG)
        fire_event(Note(msg="for everybody"), level=EventLevel.INFO)
        fire_event(Formatting("a line"))
    assert "for debugging" not in told
    assert "for everybody" in told
