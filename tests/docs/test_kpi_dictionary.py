"""The KPI dictionary page says what the seeds say.

Nothing else about documentation is tested here; links and examples of other pages have a module of
their own.
"""

from __future__ import annotations

import pytest

from docs.build_kpi_dictionary import FAMILIES, PAGE, build_page, read_seed


@pytest.fixture(scope="module")
def definitions() -> list[dict[str, str]]:
    return read_seed("kpi_definitions")


@pytest.fixture(scope="module")
def targets() -> list[dict[str, str]]:
    return read_seed("kpi_targets")


def test_page_is_what_the_seeds_say(definitions, targets) -> None:
    assert PAGE.read_text(encoding="utf-8") == build_page(definitions, targets), (
        "docs/kpi-dictionary.md is not what the seeds say: run `make docs` and commit the page"
    )


def test_every_kpi_is_in_the_page(definitions) -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [
        row["kpi_id"]
        for row in definitions
        if f"| `{row['kpi_id']}` | {row['name']} | {row['formula']} |" not in page
    ]
    assert missing == []


def test_every_family_is_described(definitions) -> None:
    assert {row["family"] for row in definitions} == set(FAMILIES)


def test_every_target_belongs_to_a_kpi(definitions, targets) -> None:
    assert {target["kpi_id"] for target in targets} <= {row["kpi_id"] for row in definitions}


def test_a_changed_target_changes_the_page(definitions, targets) -> None:
    changed = [{**t, "target_value": "3"} if t["kpi_id"] == "K04" else t for t in targets]
    assert "≤ 3 h" in build_page(definitions, changed)


def test_a_bar_in_a_formula_does_not_end_the_cell(definitions, targets) -> None:
    odd = [{**definitions[0], "formula": "a | b"}]
    assert "a \\| b" in build_page(odd, targets)
