"""The asset graph: a golden copy against renames, whole lineage, a light code location."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration import definitions, freshness
from orchestration.exports.registry import STREAMS
from orchestration.quality.expectations import expectations
from orchestration.settings import Settings

GOLDEN = Path(__file__).with_name("graph.txt")
HEAVY = ("great_expectations", "altair", "vl_convert", "pandas", "openpyxl", "scipy")


@pytest.fixture(scope="module")
def code_location(parsed_settings: Settings) -> dg.Definitions:
    return definitions.build(parsed_settings)


def graph_of(code_location: dg.Definitions) -> dg.AssetGraph:
    return code_location.resolve_asset_graph()


def described(code_location: dg.Definitions) -> str:
    """Assets by group, jobs, schedules and sensors, one a line."""
    graph = graph_of(code_location)
    lines = [
        f"asset {graph.get(key).group_name}: {key.to_user_string()}"
        for key in graph.get_all_asset_keys()
    ]
    repository = code_location.get_repository_def()
    lines += [f"job {job.name}" for job in repository.get_all_jobs() if "__ASSET" not in job.name]
    lines += [
        f"schedule {s.name}: {s.cron_schedule} {s.execution_timezone} → {s.job_name}"
        for s in repository.schedule_defs
    ]
    lines += [f"sensor {s.name} → {s.job_name}" for s in repository.sensor_defs]
    lines += [
        f"check {key.to_user_string()}"
        for key in graph.asset_check_keys
        if key.name in {e.suite for e in expectations()}
    ]
    return "\n".join(sorted(lines)) + "\n"


def test_the_graph_is_as_agreed(code_location) -> None:
    """A rename breaks schedules, history and links: if it is meant, copy the new text over."""
    assert described(code_location) == GOLDEN.read_text()


def test_every_stream_is_an_asset_after_its_landing_folder(code_location) -> None:
    graph = graph_of(code_location)
    for stream in STREAMS:
        node = graph.get(dg.AssetKey([stream.source, stream.name]))
        assert node.parent_keys == {dg.AssetKey(["landing", stream.source, stream.name])}


def test_every_source_that_models_read_is_extracted(code_location, manifest) -> None:
    made = {
        key
        for key in graph_of(code_location).get_all_asset_keys()
        if graph_of(code_location).get(key).is_materializable
    }
    for source in manifest["sources"].values():
        assert dg.AssetKey([source["source_name"], source["name"]]) in made, source["unique_id"]


def test_the_lineage_leads_from_landing_files_to_the_review(code_location) -> None:
    graph = graph_of(code_location)
    ancestors = graph.get_ancestor_asset_keys(dg.AssetKey(["reviews", "quarterly"]))
    assert {dg.AssetKey(["landing", s.source, s.name]) for s in STREAMS} <= ancestors
    groups = {graph.get(key).group_name for key in ancestors}
    assert groups == {
        "landing", "extraction", "seeds", "staging", "intermediate", "core", "kpi", "serving"
    }  # fmt: skip


def test_what_may_grow_old_has_a_freshness_window(code_location) -> None:
    graph = graph_of(code_location)
    policies = {key: graph.get(key).freshness_policy for key in graph.get_all_asset_keys()}
    for stream in STREAMS:
        landing = dg.AssetKey(["landing", stream.source, stream.name])
        assert policies[landing] == freshness.LANDING
        assert policies[dg.AssetKey([stream.source, stream.name])] == freshness.DAILY
    for name in (("extraction", "files"), ("extraction", "quarantine"), ("serving", "publication")):
        assert policies[dg.AssetKey(list(name))] == freshness.DAILY


def test_every_data_test_is_a_check(code_location, manifest) -> None:
    tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
    names = {key.name for key in graph_of(code_location).asset_check_keys}
    assert {test["name"] for test in tests} - names == set()
    assert len(graph_of(code_location).asset_check_keys) == len(tests) + len(
        {(e.table, e.suite) for e in expectations()}
    )


def test_quality_checks_block_and_come_before_publishing(code_location) -> None:
    graph = graph_of(code_location)
    for key in graph.asset_check_keys:
        if key.name in {e.suite for e in expectations()}:
            assert graph.get(key).blocking
    publication = graph.get(dg.AssetKey(["serving", "publication"]))
    assert dg.AssetKey(["kpi", "kpi_scorecard"]) in publication.parent_keys
    assert dg.AssetKey(["kpi", "kpi_care_daily"]) in publication.parent_keys


def test_what_opens_the_warehouse_queues_in_one_pool(code_location) -> None:
    repository = code_location.get_repository_def()
    pools = {
        node.name: node.pool
        for job in repository.get_all_jobs()
        for node in job.all_node_defs
        if isinstance(node, dg.OpDefinition)
    }
    assert pools["warehouse"] == "warehouse"
    assert pools["serving__publication"] == "warehouse"
    assert all(pool == "warehouse" for name, pool in pools.items() if name.startswith("kpi__"))


def test_definitions_fit_on_one_screen() -> None:
    assert len(Path(definitions.__file__).read_text().splitlines()) < 80


def test_the_code_location_loads_nothing_heavy_and_does_nothing_at_import(
    parsed_settings: Settings,
) -> None:
    code = (
        "import sys, orchestration.definitions as d\n"
        "from orchestration import settings\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "d.build(settings.load_settings())\n"
        f"loaded += [name for name in {HEAVY!r} if name in sys.modules]\n"
        "import json; print(json.dumps(loaded))\n"
    )
    data_dir = str(parsed_settings.data_dir)
    environment = {"WAREHOUSE_DATA_DIR": data_dir, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(definitions.__file__).parents[1],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
