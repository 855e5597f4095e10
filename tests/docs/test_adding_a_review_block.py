"""The section that the page adds is built into a review, and its numbers are the scorecard's.

What every page must be like is tested with the reviews; here, that the example works as it stands.
"""

from __future__ import annotations

import csv
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from orchestration.reviews import charts, writing
from orchestration.reviews.desk import Desk
from orchestration.reviews.serving import Snapshot
from tests.conftest import PROJECT
from tests.reviews.published import QUARTER, Published

PAGE = PROJECT / "docs" / "adding-a-review-block.md"
MODULE = "orchestration.reviews.sections.first_hour"


def _blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


@pytest.fixture(scope="module")
def plan() -> Iterator[writing.Plan]:
    """The plan of the page's second step, with the section of its first where imports find it."""
    from orchestration.reviews import sections

    section = ModuleType(MODULE)
    exec(_blocks()[0], section.__dict__)
    listed: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, MODULE, section)
        patch.setattr(sections, "first_hour", section, raising=False)
        exec(_blocks()[1], listed)
        yield listed["PLAN"]


@pytest.fixture(scope="module")
def review(plan: writing.Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    Published().write(folder)
    return writing.write(folder, plan, QUARTER.label).folder


def test_the_section_is_on_the_page_beside_those_of_the_review(review: Path) -> None:
    page = (review / "index.html").read_text(encoding="utf-8")
    assert 'id="first-hour"' in page
    assert 'id="speed"' in page
    assert "The first hour" in (review / "review.md").read_text(encoding="utf-8")


def test_its_numbers_are_cells_of_the_scorecard(review: Path) -> None:
    """Those that stand here first; a number shown before is listed with the section before."""
    import duckdb

    with (review / "numbers.csv").open(encoding="utf-8", newline="") as file:
        shown = [row for row in csv.DictReader(file) if row["section"] == "first-hour"]
    assert {row["kpi_id"] for row in shown} >= {"K08"}
    serving = review.parents[2] / "serving" / "kpi_marts.duckdb"
    with duckdb.connect(str(serving), read_only=True) as marts:
        for row in shown:
            [(value,)] = marts.execute(
                "select value from marts.kpi_scorecard where kpi_id = $kpi_id"
                " and period_kind = $period_kind and period_start_on = $period_start_on"
                " and slice_kind = $slice_kind and slice_value = $slice_value",
                {
                    name: row[name]
                    for name in (
                        "kpi_id",
                        "period_kind",
                        "period_start_on",
                        "slice_kind",
                        "slice_value",
                    )
                },
            ).fetchall()
            assert float(row["value"]) == value


def test_it_is_left_out_where_it_has_nothing_to_say(plan: writing.Plan, tmp_path: Path) -> None:
    Published(nulls={"K08": "no_source"}).write(tmp_path)
    with Snapshot(tmp_path) as snapshot:
        *_, first_hour = plan.sections(Desk(snapshot, QUARTER))
    assert first_hour is None


def test_every_tool_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"`desk\.(\w+)\(", text):
        assert callable(getattr(Desk, name)), name
    [row] = [line for line in text.splitlines() if line.startswith("| another chart")]
    functions = re.findall(r"`(\w+)`", row)
    assert len(functions) == 8
    for name in functions:
        assert isinstance(getattr(charts, name), types.FunctionType), name
