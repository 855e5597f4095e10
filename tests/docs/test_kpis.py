"""The page of KPIs says what the seeds say, and the seeds say where a KPI truly comes from.

Whether the words are good is for people to judge; links of pages have a module of their own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.build_kpis import FAMILIES, PAGE, build_page, model_of, models_of_kpis, read_seed

MODELS = Path(__file__).parents[2] / "models"
WORDS = ("definition", "formula", "grain", "sources", "edge_cases")


@pytest.fixture(scope="module")
def definitions() -> list[dict[str, str]]:
    return read_seed("kpi_definitions")


@pytest.fixture(scope="module")
def targets() -> list[dict[str, str]]:
    return read_seed("kpi_targets")


@pytest.fixture(scope="module")
def models() -> dict[str, str]:
    return models_of_kpis()


@pytest.fixture(scope="module")
def parents() -> dict[str, set[str]]:
    """What each model reads, by the text of its SQL."""
    return {
        path.stem: set(re.findall(r"ref\([\"'](\w+)[\"']\)", path.read_text(encoding="utf-8")))
        for path in MODELS.glob("**/*.sql")
    }


def _ancestors(model: str, parents: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [model]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def test_page_is_what_the_seeds_say(definitions, targets, models) -> None:
    assert PAGE.read_text(encoding="utf-8") == build_page(definitions, targets, models), (
        "docs/kpis.md is not what the seeds say: run `make docs` and commit the page"
    )


def test_every_kpi_is_in_the_page_in_its_own_words(definitions) -> None:
    page = PAGE.read_text(encoding="utf-8")
    parts = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", page, re.M | re.S))
    assert list(parts.keys() - {row["kpi_id"] for row in definitions}) == []
    for row in definitions:
        for column in ("name", "definition", "formula", "grain", "edge_cases", "owner"):
            assert row[column] in parts[row["kpi_id"]], (row["kpi_id"], column)


def test_every_kpi_is_told_in_words_that_are_its_own(definitions) -> None:
    for row in definitions:
        for column in WORDS:
            assert len(row[column].split()) > 2, (row["kpi_id"], column)
    told = [row["definition"] for row in definitions]
    assert len(set(told)) == len(told)
    repeating = [row["kpi_id"] for row in definitions if row["definition"] == row["formula"]]
    assert repeating == []


def test_every_kpi_is_computed_in_one_model(definitions, models) -> None:
    named = {row["kpi_id"]: model_of(row["kpi_id"], models) for row in definitions}
    beginnings = tuple(name for name in models if name.endswith("_"))
    whole = set(models) - set(beginnings)
    assert whole <= set(named), "a model computes what nothing defines"
    for kpi_id in whole:
        texts = [
            path.stem
            for path in MODELS.glob("marts/kpi/kpi_values_*.sql")
            if f'"{kpi_id}"' in path.read_text(encoding="utf-8")
        ]
        assert texts == [named[kpi_id]]


def test_a_kpi_that_no_model_computes_is_refused(models) -> None:
    with pytest.raises(KeyError, match="K99"):
        model_of("K99", models)


def test_sources_named_are_read_on_the_way_to_the_kpi(definitions, models, parents) -> None:
    """A model that a KPI does not come from, however plausible, is a wrong answer."""
    wrong = []
    for row in definitions:
        read = _ancestors(model_of(row["kpi_id"], models), parents)
        named = set(re.findall(r"\b(?:fct|dim|int|bridge|kpi)_\w+", row["sources"]))
        named |= set(re.findall(r"seeds/(\w+)\.csv", row["sources"]))
        assert named, row["kpi_id"]
        wrong += [(row["kpi_id"], name) for name in sorted(named - read)]
    assert wrong == []


def test_what_is_withheld_below_a_number_is_told(definitions) -> None:
    for row in definitions:
        told = "too_few" in row["edge_cases"]
        assert told == (int(row["minimum_n"]) > 0), row["kpi_id"]


def test_quarterly_kpis_say_so(definitions) -> None:
    for row in definitions:
        if "Quarters only" in row["edge_cases"]:
            assert row["cadence"] == "Q", row["kpi_id"]


def test_every_family_is_described(definitions) -> None:
    assert {row["family"] for row in definitions} == set(FAMILIES)


def test_every_target_belongs_to_a_kpi(definitions, targets) -> None:
    assert {target["kpi_id"] for target in targets} <= {row["kpi_id"] for row in definitions}


def test_a_changed_target_changes_the_page(definitions, targets, models) -> None:
    changed = [{**t, "target_value": "3"} if t["kpi_id"] == "K04" else t for t in targets]
    assert "≤ 3 h" in build_page(definitions, changed, models)


def test_a_bar_in_a_name_does_not_end_the_cell(definitions, targets, models) -> None:
    odd = [{**definitions[0], "name": "a | b"}]
    assert "| a \\| b |" in build_page(odd, targets, models)
