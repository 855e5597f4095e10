"""The page on reading the marts does what it says, on a published snapshot.

What a dashboard shows is tested with the dashboard; Superset and ODBC are not installed here.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import PROJECT, Pipeline

PAGE = PROJECT / "docs" / "bi.md"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def test_the_example_in_python_reads_the_scorecard(pipeline: Pipeline, monkeypatch) -> None:
    [example] = [block for block in _blocks("python") if "duckdb.connect" in block]
    monkeypatch.chdir(pipeline.settings.data_dir.parent)
    names: dict[str, object] = {}
    exec(example.replace("data/serving", f"{pipeline.settings.data_dir.name}/serving"), names)
    frame = names["frame"]
    told = pipeline.serving(
        "select count(*), sum(value) from marts.kpi_scorecard"
        " where kpi_id = 'K04' and period_kind = 'month' and slice_kind = 'overall'"
    )
    assert [(len(frame), frame["value"].sum())] == told
    assert frame["value"].notna().sum() > 3


def test_the_versions_named_are_those_that_publish() -> None:
    """A reader older than the writer of the file may not open it."""
    [pinned] = re.findall(r"^duckdb==(\S+)", (PROJECT / "requirements.lock").read_text(), re.M)
    assert f"'duckdb=={pinned}'" in PAGE.read_text(encoding="utf-8")


def test_the_command_that_makes_the_file_is_a_target() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    for target in set(re.findall(r"^make (\w+)", page, re.M)):
        assert re.search(rf"^{target}:", makefile, re.M), target
    assert "social-care.zip" in page
    assert '"social-care.zip"' in Path(PROJECT / "bi/superset/bundle.py").read_text("utf-8")
