"""Exposures name what truly reads the marts: reviews, serving, semantic layer, dashboard.

What these readers do with the marts is tested beside each of them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from orchestration.publish import published_tables
from orchestration.reviews import monthly, quarterly, weekly, writing
from orchestration.reviews.cadences import CADENCES
from orchestration.reviews.periods import period_named
from orchestration.reviews.serving import Snapshot
from tests.conftest import Pipeline

#: Messages that a review may quote lie in a file beside the marts.
QUOTED = "exemplars"
PLANS = {
    "weekly_update": (weekly.PLAN, "2026-W14"),
    "monthly_business_review": (monthly.PLAN, "2026-03"),
    "quarterly_health_report": (quarterly.PLAN, "2026-Q1"),
}


REVIEWS = Path(writing.__file__).parent


class Remembering(Snapshot):
    """A snapshot that remembers which tables it was asked for."""

    asked: set[str]

    def columns(self, table: str) -> tuple[str, ...]:
        self.asked.add(table)
        return super().columns(table)

    def exemplars(self) -> list[dict[str, Any]]:
        self.asked.add(QUOTED)
        return super().exemplars()


def depended_on(manifest: Mapping[str, Any], name: str) -> set[str]:
    [found] = [each for each in manifest["exposures"].values() if each["name"] == name]
    return {node.split(".")[-1] for node in found["depends_on"]["nodes"]}


def tables_of(manifest: Mapping[str, Any]) -> set[str]:
    return {
        node["alias"]
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }


def test_serving_is_every_published_table(manifest) -> None:
    """Missing and surplus lines of models/exposures/serving.yml."""
    published = {table.name for table in published_tables(manifest)} & tables_of(manifest)
    assert depended_on(manifest, "serving_duckdb") ^ published == set()
    assert depended_on(manifest, "serving_postgresql") ^ (published - {QUOTED}) == set()


def test_there_is_an_exposure_for_every_review() -> None:
    assert {plan.cadence for plan, _ in PLANS.values()} == set(CADENCES)


@pytest.mark.parametrize("name", PLANS)
def test_a_review_reads_what_its_exposure_says(name: str, pipeline: Pipeline, manifest) -> None:
    """Missing and surplus lines of models/exposures/reviews.yml."""
    plan, label = PLANS[name]
    snapshot = Remembering(pipeline.settings.data_dir)
    snapshot.asked = set()
    with snapshot:
        writing.compose(snapshot, plan, period_named(plan.cadence.period_kind, label, 1))
    asked, told = snapshot.asked & tables_of(manifest), depended_on(manifest, name)
    assert asked - told == set()
    # Some are asked for only where there is something to tell, such as errata after a closing.
    code = "".join(path.read_text("utf-8") for path in REVIEWS.glob("**/*.py"))
    assert {table for table in told - asked if f'"{table}"' not in code} == set()


def test_the_semantic_layer_reads_what_its_models_read(manifest) -> None:
    """Missing and surplus lines of models/exposures/tools.yml."""
    read = {
        node.split(".")[-1]
        for model in manifest["semantic_models"].values()
        for node in model["depends_on"]["nodes"]
    }
    assert read
    assert depended_on(manifest, "semantic_layer") ^ read == set()


def test_the_dashboard_reads_what_its_datasets_read(manifest) -> None:
    """Missing and surplus lines of models/exposures/tools.yml."""
    from bi.superset import bundle

    read = set()
    for words in bundle.read_all("datasets").values():
        sql = words.get("sql") or f"marts.{words['table_name']}"
        read |= set(re.findall(r"marts\.(\w+)", sql))
    assert depended_on(manifest, "superset_dashboard") ^ (read & tables_of(manifest)) == set()


def test_every_exposure_says_for_whom_it_is(manifest) -> None:
    for exposure in manifest["exposures"].values():
        assert exposure["owner"]["name"], exposure["name"]
        assert len(exposure["description"].split()) > 8, exposure["name"]


def test_the_documentation_site_shows_exposures_and_where_they_come_from(
    pipeline: Pipeline, manifest, capsys
) -> None:
    """The page is one file: the catalogue of columns and the graph are inside it."""
    from orchestration import cli

    assert cli.docs(pipeline.settings) == 0
    [told] = re.findall(r"is at (\S+index\.html)", capsys.readouterr().out)
    page = Path(told).read_text(encoding="utf-8")
    shutil.rmtree(Path(told).parent)
    for name in manifest["exposures"]:
        assert f'"{name}"' in page, name
    for word in ("kpi_scorecard", "Quarterly health report", "edge_cases"):
        assert word in page, word
